#include "workloads/llm/graph.h"

#include <utility>

#include "schema/dtype.h"
#include "schema/operators.h"
#include "workloads/llm/head.h"
#include "workloads/llm/moe_layer.h"

namespace reticle::llm {
namespace {

// Nodes the next layer hangs on, one list a micro-batch.
using Front = std::vector<std::vector<int>>;

// The MoE layer's parts one after the other.
std::vector<int> add_moe(Chain chain, const StepContext& step, Stream moe_stream) {
  MoeLayer moe(std::move(chain), step, {moe_stream, moe_stream, moe_stream});
  moe.add_dispatch();
  moe.add_experts();
  moe.add_sum();
  return moe.ends();
}

void add_layer(Graph& graph, Front& front, const StepContext& step, int layer, LayerKind kind,
               bool has_residual) {
  const Stream moe_stream = step.plan.micro_batches > 1 ? Stream::kMoe : Stream::kAttention;
  for (std::size_t batch = 0; batch < front.size(); ++batch) {
    Chain chain(graph, layer, kind, static_cast<int>(batch), front[batch]);
    add_attention(chain, step, has_residual);
    if (kind == LayerKind::kDense) {
      add_dense(chain, step);
      front[batch] = chain.ends();
    } else {
      front[batch] = add_moe(std::move(chain), step, moe_stream);
    }
  }
}

// DeepSeek-V3 report (arXiv 2412.19437) section 2.2: norms of the hidden state and of the next
// token's embedding, their projection to the model width, one layer, and the model's own head.
void add_mtp_module(Graph& graph, const StepContext& step, int layer) {
  const std::int64_t tokens = step.plan.tokens * step.plan.micro_batches;
  const std::int64_t hidden = step.model.hidden();
  Chain input(graph, layer, LayerKind::kMtp, kAllMicroBatches,
              {static_cast<int>(graph.nodes.size()) - 1});
  const int embedding = input.add_fresh("embedding", operators::copy(embedding_bytes(step)));
  input.add_fresh("rmsnorm_hidden", operators::rmsnorm(tokens, hidden));
  input.add_reading(embedding, "rmsnorm_embedding", operators::rmsnorm(tokens, hidden));
  input.add("mtp_proj", operators::gemm(tokens, hidden, 2 * hidden, step.precision().head()));
  Front front(static_cast<std::size_t>(step.plan.micro_batches), input.ends());
  add_layer(graph, front, step, layer, LayerKind::kMtp, false);
  Chain head(graph, layer, LayerKind::kMtp, kAllMicroBatches, joined(front));
  add_head(head, step);
}

}  // namespace

Graph decode_step(const Scenario& scenario, const Model& model, const Plan& plan,
                  const Software& software) {
  const StepContext step{scenario, model, plan, software.transfers()};
  Graph graph;
  Chain embedding(graph, kNoLayer, LayerKind::kHead, kAllMicroBatches, {});
  embedding.add_fresh("embedding", operators::copy(embedding_bytes(step)));
  Front front(static_cast<std::size_t>(plan.micro_batches), embedding.ends());
  const int layers = static_cast<int>(model.layers());
  for (int layer = 0; layer < layers; ++layer) {
    const bool dense = layer < model.dense_layers();
    add_layer(graph, front, step, layer, dense ? LayerKind::kDense : LayerKind::kMoe, layer > 0);
  }
  Chain head(graph, kNoLayer, LayerKind::kHead, kAllMicroBatches, joined(front));
  add_head(head, step);
  for (int module = 0; module < plan.mtp_modules; ++module) {
    add_mtp_module(graph, step, layers + module);
  }
  return graph;
}

Graph step_graph(const Scenario& scenario, const Model& model, const Plan& plan,
                 const Software& software) {
  return scenario.phase() == PHASE_PREFILL ? prefill_pass(scenario, model, plan, software)
                                           : decode_step(scenario, model, plan, software);
}

}  // namespace reticle::llm
