#include <utility>

#include "schema/operators.h"
#include "workloads/llm/graph.h"
#include "workloads/llm/head.h"
#include "workloads/llm/moe_layer.h"

namespace reticle::llm {
namespace {

// Where each micro-batch stands: after nodes, or in an MoE layer whose rows are not back yet.
struct Front {
  std::vector<std::vector<int>> ends;
  std::vector<MoeLayer> open;
};

// The rows of the layer before come back while the other micro-batch computes.
void close_layer(Front& front, std::size_t batch) {
  if (!front.open.empty()) {
    front.open[batch].add_sum();
    front.ends[batch] = front.open[batch].ends();
  }
}

void add_moe_layer(Graph& graph, Front& front, const StepContext& step, int layer) {
  const bool overlaps = step.plan.micro_batches > 1;
  const Stream network = overlaps ? Stream::kNetwork : Stream::kAttention;
  std::vector<MoeLayer> layers;
  for (std::size_t batch = 0; batch < front.ends.size(); ++batch) {
    close_layer(front, batch);
    Chain chain(graph, layer, LayerKind::kMoe, static_cast<int>(batch), front.ends[batch]);
    add_attention(chain, step, layer > 0);
    layers.emplace_back(std::move(chain), step,
                        MoeStreams{Stream::kAttention, network, Stream::kAttention});
    layers.back().add_dispatch();
  }
  for (MoeLayer& one : layers) {
    one.add_experts();
  }
  front.open = std::move(layers);
}

void add_dense_layer(Graph& graph, Front& front, const StepContext& step, int layer) {
  for (std::size_t batch = 0; batch < front.ends.size(); ++batch) {
    Chain chain(graph, layer, LayerKind::kDense, static_cast<int>(batch), front.ends[batch]);
    add_attention(chain, step, layer > 0);
    add_dense(chain, step);
    front.ends[batch] = chain.ends();
  }
}

}  // namespace

Graph prefill_pass(const Scenario& scenario, const Model& model, const Plan& plan,
                   const Software& software) {
  const StepContext step{scenario, model, plan, software.transfers()};
  Graph graph;
  Chain embedding(graph, kNoLayer, LayerKind::kHead, kAllMicroBatches, {});
  embedding.add_fresh("embedding", operators::copy(embedding_bytes(step)));
  const auto batches = static_cast<std::size_t>(plan.micro_batches);
  Front front{std::vector<std::vector<int>>(batches, embedding.ends()), {}};
  for (int layer = 0; layer < static_cast<int>(model.layers()); ++layer) {
    if (layer < model.dense_layers()) {
      add_dense_layer(graph, front, step, layer);
    } else {
      add_moe_layer(graph, front, step, layer);
    }
  }
  for (std::size_t batch = 0; batch < batches; ++batch) {
    close_layer(front, batch);
  }
  Chain head(graph, kNoLayer, LayerKind::kHead, kAllMicroBatches, joined(front.ends));
  add_head(head, step);
  return graph;
}

}  // namespace reticle::llm
