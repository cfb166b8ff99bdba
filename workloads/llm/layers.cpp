#include "workloads/llm/layers.h"

#include <algorithm>
#include <utility>

#include "schema/dtype.h"
#include "workloads/llm/operators.h"
#include "workloads/llm/parameters.h"
#include "workloads/llm/transfer_ops.h"

namespace reticle::llm {
namespace {

MoeTransfer transfer(const StepContext& step, Dtype dtype) {
  MoeTransfer transfer;
  transfer.set_ranks(step.plan.ranks);
  transfer.set_tokens_per_rank(step.plan.tokens);
  transfer.set_hidden(step.model.hidden());
  transfer.set_topk(step.plan.destinations);
  transfer.set_experts(step.plan.slots);
  transfer.set_mode(TRANSFER_MODE_LOW_LATENCY);
  transfer.set_dtype(dtype);
  return transfer;
}

// q_a and kv_a in one GEMM, then q_b; returns the node that wrote the latents.
int add_projections(Chain& chain, const StepContext& step) {
  const Mla& mla = step.model.mla();
  const std::int64_t tokens = step.plan.tokens;
  const std::int64_t hidden = step.model.hidden();
  const Dtype linear = step.precision.linear();
  add_quantize(chain, "quantize_attn", tokens, hidden, linear);
  const int input = chain.last();
  const int latents =
      chain.add("qkv_a", gemm(tokens, mla.q_rank() + kv_elements(step.model), hidden, linear));
  const std::int64_t q_width = mla.heads() * (mla.nope_dim() + mla.rope_dim());
  if (mla.q_rank() == 0) {  // queries straight from the model width
    chain.add_reading(input, "q_b", gemm(tokens, q_width, hidden, linear));
    return latents;
  }
  chain.add("rmsnorm_q", rmsnorm(tokens, mla.q_rank()));
  add_quantize(chain, "quantize_q", tokens, mla.q_rank(), linear);
  chain.add("q_b", gemm(tokens, q_width, mla.q_rank(), linear));
  return latents;
}

void add_mla(Chain& chain, const StepContext& step, int latents) {
  const Mla& mla = step.model.mla();
  const Plan& plan = step.plan;
  const Dtype dtype = step.precision.attention();
  const int queries = chain.last();
  chain.add_reading(latents, "rmsnorm_kv", rmsnorm(plan.tokens, mla.kv_rank()));
  chain.add_reading(queries, "rope_q", rope(plan.tokens * mla.heads(), mla.rope_dim()));
  chain.add_reading(latents, "rope_k", rope(plan.tokens, mla.rope_dim()));
  const std::int64_t kv_row = data_bytes(kv_elements(step.model), step.precision.kv_cache());
  chain.add("kv_append", copy(plan.tokens * kv_row));
  chain.add_reading(queries, "absorb_q",
                    batched_gemm(mla.heads(), plan.tokens, mla.kv_rank(), mla.nope_dim(), dtype));
  chain.add("mla_core",
            mla_decode(plan.sequences, plan.cached_tokens, plan.positions, mla.heads(), dtype));
  chain.add("absorb_v", batched_gemm(mla.heads(), plan.tokens, mla.v_dim(), mla.kv_rank(), dtype));
}

// The shared expert of a rank, beside dispatch; reads what `norm` wrote.
void add_shared(Chain& chain, const StepContext& step, int norm) {
  const Experts& experts = step.model.experts();
  const std::int64_t tokens = step.plan.tokens;
  const std::int64_t width = experts.shared() * experts.width();
  const Dtype linear = step.precision.linear();
  int input = norm;
  if (is_quantized(linear)) {
    input = chain.add_reading(norm, "quantize_ffn", quantize(tokens, step.model.hidden(), linear));
  }
  chain.add_reading(input, "shared_gate_up", gemm(tokens, 2 * width, step.model.hidden(), linear));
  chain.add("shared_swiglu", swiglu(tokens, width, linear));
  chain.add("shared_down", gemm(tokens, step.model.hidden(), width, linear));
}

void add_dispatch(Chain& chain, const StepContext& step, int norm) {
  const MoeTransfer dispatch = transfer(step, step.precision.dispatch());
  int input = norm;
  for (const LabelledOperator& send : send_operators(dispatch, step.transfers)) {
    input = chain.add_reading(input, send.label, send.op);
  }
  if (step.plan.ranks > 1) {
    CollectiveOperator op;
    *op.mutable_moe_dispatch() = dispatch;
    chain.add("dispatch", op);
  }
}

void add_experts(Chain& chain, const StepContext& step) {
  const std::vector<std::int64_t>& slots = step.plan.rank_rows;
  const std::int64_t hidden = step.model.hidden();
  const std::int64_t width = step.model.experts().width();
  const Dtype linear = step.precision.linear();
  std::int64_t rows = 0;
  for (const std::int64_t slot : slots) {
    rows += slot;
  }
  if (!is_quantized(step.precision.dispatch())) {
    add_quantize(chain, "quantize_experts", rows, hidden, linear);
  }
  chain.add("gate_up", grouped_gemm(slots, 2 * width, hidden, linear));
  chain.add("swiglu", swiglu(rows, width, linear));
  chain.add("down", grouped_gemm(slots, hidden, width, linear));
}

void add_combine(Chain& chain, const StepContext& step) {
  if (step.plan.ranks > 1) {
    CollectiveOperator op;
    *op.mutable_moe_combine() = transfer(step, step.precision.combine());
    chain.add("combine", op);
  }
}

}  // namespace

Chain::Chain(Graph& graph, int layer, LayerKind kind, int micro_batch, std::vector<int> after)
    : graph_(&graph),
      layer_(layer),
      kind_(kind),
      micro_batch_(micro_batch),
      after_(std::move(after)) {}

int Chain::push(Node node) {
  node.layer = layer_;
  node.kind = kind_;
  node.micro_batch = micro_batch_;
  node.stream = stream_;
  node.dependencies = after_;
  std::sort(node.dependencies.begin(), node.dependencies.end());
  graph_->nodes.push_back(std::move(node));
  const int index = static_cast<int>(graph_->nodes.size()) - 1;
  after_ = {index};
  return index;
}

int Chain::add(const std::string& label, Operator op) {
  return after_.empty() ? add_fresh(label, std::move(op))
                        : add_reading(last(), label, std::move(op));
}

int Chain::add_reading(int producer, const std::string& label, Operator op) {
  if (std::holds_alternative<CollectiveOperator>(
          graph_->nodes[static_cast<std::size_t>(producer)].op)) {
    return add_fresh(label, std::move(op));  // the network wrote it
  }
  const ActivationOperand operand = activation_operand(op);
  Node node;
  node.label = label;
  node.operands = {{operand.tensor, operand.bytes, producer}};
  node.op = std::move(op);
  return push(std::move(node));
}

int Chain::add_fresh(const std::string& label, Operator op) {
  Node node;
  node.label = label;
  node.op = std::move(op);
  return push(std::move(node));
}

int Chain::add(const std::string& label, CollectiveOperator op) {
  Node node;
  node.label = label;
  node.op = std::move(op);
  return push(std::move(node));
}

void add_quantize(Chain& chain, const std::string& label, std::int64_t m, std::int64_t n,
                  Dtype dtype) {
  if (is_quantized(dtype)) {
    chain.add(label, quantize(m, n, dtype));
  }
}

void add_attention(Chain& chain, const StepContext& step, bool has_residual) {
  const std::int64_t tokens = step.plan.tokens;
  const std::int64_t hidden = step.model.hidden();
  const std::int64_t bytes = data_bytes(tokens * hidden, DTYPE_BFLOAT16);
  const Dtype linear = step.precision.linear();
  if (has_residual) {
    chain.add("residual_attn", copy(bytes));
  }
  chain.add("rmsnorm_attn", rmsnorm(tokens, hidden));
  const int latents = add_projections(chain, step);
  add_mla(chain, step, latents);
  const std::int64_t v_width = step.model.mla().heads() * step.model.mla().v_dim();
  add_quantize(chain, "quantize_o", tokens, v_width, linear);
  chain.add("o_proj", gemm(tokens, hidden, v_width, linear));
  chain.add("residual_ffn", copy(bytes));
  chain.add("rmsnorm_ffn", rmsnorm(tokens, hidden));
}

void add_dense(Chain& chain, const StepContext& step) {
  const std::int64_t tokens = step.plan.tokens;
  const std::int64_t hidden = step.model.hidden();
  const std::int64_t width = step.model.dense_width();
  const Dtype linear = step.precision.linear();
  add_quantize(chain, "quantize_ffn", tokens, hidden, linear);
  chain.add("gate_up", gemm(tokens, 2 * width, hidden, linear));
  chain.add("swiglu", swiglu(tokens, width, linear));
  chain.add("down", gemm(tokens, hidden, width, linear));
}

void add_moe(Chain& chain, const StepContext& step, Stream moe_stream) {
  const std::int64_t tokens = step.plan.tokens;
  const std::int64_t hidden = step.model.hidden();
  const Experts& experts = step.model.experts();
  const int norm = chain.last();
  chain.add("gate", gemm(tokens, experts.routed(), hidden, step.precision.router(), DTYPE_FLOAT32));
  chain.add("topk", topk(tokens, experts.routed(), experts.topk()));
  Chain shared = chain;
  if (step.plan.shared_on_rank) {
    add_shared(shared, step, norm);
  }
  chain.set_stream(moe_stream);
  add_dispatch(chain, step, norm);
  add_experts(chain, step);
  add_combine(chain, step);
  if (step.plan.shared_on_rank) {
    chain.wait_for(shared.last());
  }
  for (const LabelledOperator& receive :
       receive_operators(transfer(step, step.precision.combine()), step.transfers)) {
    chain.add(receive.label, receive.op);
  }
}

}  // namespace reticle::llm
