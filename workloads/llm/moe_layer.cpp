#include "workloads/llm/moe_layer.h"

#include <numeric>
#include <utility>

#include "schema/dtype.h"
#include "schema/operators.h"
#include "workloads/llm/transfer_ops.h"

namespace reticle::llm {
namespace {

MoeTransfer transfer(const StepContext& step, Dtype dtype) {
  const bool prefill = step.plan.phase == PHASE_PREFILL;
  MoeTransfer transfer;
  transfer.set_ranks(step.plan.ranks);
  transfer.set_tokens_per_rank(step.plan.tokens);
  transfer.set_hidden(step.model.hidden());
  transfer.set_topk(step.plan.destinations);
  transfer.set_experts(step.plan.slots);
  transfer.set_mode(prefill ? TRANSFER_MODE_NORMAL : TRANSFER_MODE_LOW_LATENCY);
  transfer.set_dtype(dtype);
  if (prefill && step.scenario.has_moe_cores() && !step.transfers.has_dma()) {
    transfer.set_sms(step.scenario.moe_cores().matrix());
  }
  return transfer;
}

}  // namespace

MoeLayer::MoeLayer(Chain chain, const StepContext& step, const MoeStreams& streams)
    : chain_(std::move(chain)), step_(step), streams_(streams) {}

// Reads what `norm` wrote.
void MoeLayer::add_shared(int norm) {
  Chain chain = chain_;
  const Experts& experts = step_.model.experts();
  const std::int64_t tokens = step_.plan.tokens;
  const std::int64_t hidden = step_.model.hidden();
  const std::int64_t width = experts.shared() * experts.width();
  const Dtype linear = step_.precision().linear();
  int input = norm;
  if (is_quantized(linear)) {
    input = chain.add_reading(norm, "quantize_ffn", operators::quantize(tokens, hidden, linear));
  }
  chain.add_reading(input, "shared_gate_up", operators::gemm(tokens, 2 * width, hidden, linear));
  chain.add("shared_swiglu", operators::swiglu(tokens, width, linear));
  chain.add("shared_down", operators::gemm(tokens, hidden, width, linear));
  shared_ = chain.last();
}

void MoeLayer::add_dispatch() {
  const std::int64_t tokens = step_.plan.tokens;
  const Experts& experts = step_.model.experts();
  const int norm = chain_.last();
  chain_.add("gate", operators::gemm(tokens, experts.routed(), step_.model.hidden(),
                                     step_.precision().router(), DTYPE_FLOAT32));
  chain_.add("topk", operators::topk(tokens, experts.routed(), experts.topk()));
  if (step_.plan.shared_on_rank) {
    add_shared(norm);
  }
  chain_.set_stream(streams_.send);
  const MoeTransfer dispatch = transfer(step_, step_.precision().dispatch());
  int input = norm;
  for (const LabelledOperator& send : send_operators(dispatch, step_.transfers)) {
    input = chain_.add_reading(input, send.label, send.op);
  }
  chain_.set_stream(streams_.network);
  if (step_.plan.ranks > 1) {
    CollectiveOperator op;
    *op.mutable_moe_dispatch() = dispatch;
    chain_.add("dispatch", op);
  }
}

void MoeLayer::add_experts() {
  const std::vector<std::int64_t>& slots = step_.plan.rank_rows;
  const std::int64_t hidden = step_.model.hidden();
  const std::int64_t width = step_.model.experts().width();
  const Dtype linear = step_.precision().linear();
  const std::int64_t rows = std::accumulate(slots.begin(), slots.end(), std::int64_t{0});
  const MoeTransfer combine = transfer(step_, step_.precision().combine());
  chain_.set_stream(streams_.experts);
  if (regroups(combine)) {
    chain_.add("expert_permute", operators::permute(rows, hidden, 1, step_.precision().dispatch()));
  }
  if (!is_quantized(step_.precision().dispatch())) {
    add_quantize(chain_, "quantize_experts", rows, hidden, linear);
  }
  chain_.add("gate_up", operators::grouped_gemm(slots, 2 * width, hidden, linear));
  chain_.add("swiglu", operators::swiglu(rows, width, linear));
  chain_.add("down", operators::grouped_gemm(slots, hidden, width, linear));
  if (regroups(combine)) {
    chain_.add("expert_unpermute", operators::permute(rows, hidden, 1, combine.dtype()));
  }
  chain_.set_stream(streams_.network);
  if (step_.plan.ranks > 1) {
    CollectiveOperator op;
    *op.mutable_moe_combine() = combine;
    chain_.add("combine", op);
  }
}

void MoeLayer::add_sum() {
  chain_.set_stream(streams_.experts);
  if (shared_ >= 0) {
    chain_.wait_for(shared_);
  }
  const MoeTransfer combine = transfer(step_, step_.precision().combine());
  if (sums_on_the_way(combine, step_.transfers)) {
    return;
  }
  for (const LabelledOperator& receive : receive_operators(combine, step_.transfers)) {
    chain_.add(receive.label, receive.op);
  }
}

}  // namespace reticle::llm
