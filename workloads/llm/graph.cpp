#include "workloads/llm/graph.h"

#include "schema/dtype.h"
#include "workloads/llm/layers.h"
#include "workloads/llm/operators.h"

namespace reticle::llm {
namespace {

// Nodes the next layer hangs on, one a micro-batch.
using Front = std::vector<int>;

std::int64_t step_tokens(const StepContext& step) {
  return step.plan.tokens * step.plan.micro_batches;
}

std::int64_t embedding_bytes(const StepContext& step) {
  return data_bytes(step_tokens(step) * step.model.hidden(), step.precision.head());
}

void add_layer(Graph& graph, Front& front, const StepContext& step, int layer, LayerKind kind,
               bool has_residual) {
  const Stream moe_stream = step.plan.micro_batches > 1 ? Stream::kMoe : Stream::kAttention;
  for (std::size_t batch = 0; batch < front.size(); ++batch) {
    Chain chain(graph, layer, kind, static_cast<int>(batch), {front[batch]});
    add_attention(chain, step, has_residual);
    if (kind == LayerKind::kDense) {
      add_dense(chain, step);
    } else {
      add_moe(chain, step, moe_stream);
    }
    front[batch] = chain.last();
  }
}

// Final norm, LM head and sampling over the tokens of all micro-batches: the weights are read once.
// Logits are FP32, as serving engines sample.
void add_head(Chain& chain, const StepContext& step) {
  const std::int64_t tokens = step_tokens(step);
  const std::int64_t hidden = step.model.hidden();
  const std::int64_t vocabulary = step.model.vocabulary();
  chain.add("residual_head", copy(data_bytes(tokens * hidden, DTYPE_BFLOAT16)));
  chain.add("rmsnorm_head", rmsnorm(tokens, hidden));
  chain.add("head", gemm(tokens, vocabulary, hidden, step.precision.head(), DTYPE_FLOAT32));
  chain.add("sample_softmax", softmax(tokens, vocabulary, DTYPE_FLOAT32));
  chain.add("sample_topk", topk(tokens, vocabulary, 1));
}

// DeepSeek-V3 report (arXiv 2412.19437) section 2.2: norms of the hidden state and of the next
// token's embedding, their projection to the model width, one layer, and the model's own head.
void add_mtp_module(Graph& graph, const StepContext& step, int layer) {
  const std::int64_t tokens = step_tokens(step);
  const std::int64_t hidden = step.model.hidden();
  Chain input(graph, layer, LayerKind::kMtp, kAllMicroBatches,
              {static_cast<int>(graph.nodes.size()) - 1});
  const int embedding = input.add_fresh("embedding", copy(embedding_bytes(step)));
  input.add_fresh("rmsnorm_hidden", rmsnorm(tokens, hidden));
  input.add_reading(embedding, "rmsnorm_embedding", rmsnorm(tokens, hidden));
  input.add("mtp_proj", gemm(tokens, hidden, 2 * hidden, step.precision.head()));
  Front front(static_cast<std::size_t>(step.plan.micro_batches), input.last());
  add_layer(graph, front, step, layer, LayerKind::kMtp, false);
  Chain head(graph, layer, LayerKind::kMtp, kAllMicroBatches, front);
  add_head(head, step);
}

}  // namespace

Graph decode_step(const Scenario& scenario, const Model& model, const Plan& plan,
                  const Software& software) {
  const StepContext step{model, scenario.precision(), plan, software.transfers()};
  Graph graph;
  Chain embedding(graph, kNoLayer, LayerKind::kHead, kAllMicroBatches, {});
  embedding.add_fresh("embedding", copy(embedding_bytes(step)));
  Front front(static_cast<std::size_t>(plan.micro_batches), embedding.last());
  const int layers = static_cast<int>(model.layers());
  for (int layer = 0; layer < layers; ++layer) {
    const bool dense = layer < model.dense_layers();
    add_layer(graph, front, step, layer, dense ? LayerKind::kDense : LayerKind::kMoe, layer > 0);
  }
  Chain head(graph, kNoLayer, LayerKind::kHead, kAllMicroBatches, front);
  add_head(head, step);
  for (int module = 0; module < plan.mtp_modules; ++module) {
    add_mtp_module(graph, step, layers + module);
  }
  return graph;
}

}  // namespace reticle::llm
