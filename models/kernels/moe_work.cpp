#include "models/kernels/moe_work.h"

#include <algorithm>
#include <numeric>

#include "models/kernels/expert_load.h"
#include "schema/dtype.h"
#include "schema/errors.h"

namespace reticle::kernels {

namespace {

void check(const Moe& op) {
  if (op.topk() > op.num_experts()) {
    throw UsageError("moe: topk=" + std::to_string(op.topk()) +
                     " of num_experts=" + std::to_string(op.num_experts()));
  }
  if (op.num_experts() % op.moe_ep_size() != 0) {
    throw UsageError("moe: num_experts=" + std::to_string(op.num_experts()) +
                     " is not a multiple of moe_ep_size=" + std::to_string(op.moe_ep_size()));
  }
  if (op.inter_size() % op.moe_tp_size() != 0) {
    throw UsageError("moe: inter_size=" + std::to_string(op.inter_size()) +
                     " is not a multiple of moe_tp_size=" + std::to_string(op.moe_tp_size()));
  }
}

// Rows of the rank's experts that have any.
std::vector<std::int64_t> local_rows(const Moe& op) {
  std::vector<std::int64_t> rows =
      expert_loads(op.distribution(), op.num_tokens(), op.topk(), op.num_experts());
  rows.resize(static_cast<std::size_t>(op.num_experts() / op.moe_ep_size()));
  rows.erase(std::remove(rows.begin(), rows.end(), 0), rows.end());
  if (rows.empty()) {
    throw UsageError("moe: no token reaches the rank's experts");
  }
  return rows;
}

Operator grouped(const std::vector<std::int64_t>& rows, std::int64_t n, std::int64_t k,
                 Dtype dtype) {
  Operator op;
  GroupedGemm& gemm = *op.mutable_grouped_gemm();
  gemm.set_groups(static_cast<std::int64_t>(rows.size()));
  for (const std::int64_t m : rows) {
    gemm.add_m_list(m);
  }
  gemm.set_n(n);
  gemm.set_k(k);
  gemm.set_dtype(dtype);
  gemm.set_out_dtype(DTYPE_BFLOAT16);
  return op;
}

Operator top_k(const Moe& op) {
  Operator first;
  first.mutable_topk()->set_m(op.num_tokens());
  first.mutable_topk()->set_n(op.num_experts());
  first.mutable_topk()->set_k(op.topk());
  return first;
}

Operator copy(std::int64_t bytes) {
  Operator op;
  op.mutable_copy()->set_bytes(bytes);
  return op;
}

// From chosen experts to where each row goes: one pass over pairs of row and expert.
Operator sort_rows(const Moe& op) {
  constexpr std::int64_t kPairBytes = 8;
  return copy(op.num_tokens() * op.topk() * kPairBytes);
}

// Pointers, strides and tensor maps of every expert's GEMMs.
Operator describe_groups(const Moe& op) {
  constexpr std::int64_t kTensorMapBytes = 128;
  return copy(op.num_experts() / op.moe_ep_size() * 2 * kTensorMapBytes);
}

// Tokens to expert order, and their results back. All of a token's copies are here without expert
// parallelism, else each row stands for itself.
Operator permute(const Moe& op, std::int64_t rows) {
  const bool whole = op.moe_ep_size() == 1;
  Operator move;
  move.mutable_permute()->set_m(whole ? op.num_tokens() : rows);
  move.mutable_permute()->set_n(op.hidden_size());
  move.mutable_permute()->set_copies(whole ? op.topk() : 1);
  move.mutable_permute()->set_dtype(DTYPE_BFLOAT16);
  return move;
}

Operator unpermute(const Moe& op, std::int64_t rows) {
  const bool whole = op.moe_ep_size() == 1;
  Operator sum;
  sum.mutable_unpermute()->set_m(whole ? op.num_tokens() : rows);
  sum.mutable_unpermute()->set_n(op.hidden_size());
  sum.mutable_unpermute()->set_copies(whole ? op.topk() : 1);
  sum.mutable_unpermute()->set_dtype(DTYPE_BFLOAT16);
  return sum;
}

Operator quantise(std::int64_t rows, std::int64_t n, Dtype dtype) {
  Operator op;
  op.mutable_quantize()->set_m(rows);
  op.mutable_quantize()->set_n(n);
  op.mutable_quantize()->set_dtype(dtype);
  return op;
}

Operator activation(std::int64_t rows, std::int64_t n, Dtype out) {
  Operator op;
  op.mutable_swiglu()->set_m(rows);
  op.mutable_swiglu()->set_n(n);
  op.mutable_swiglu()->set_dtype(DTYPE_BFLOAT16);
  op.mutable_swiglu()->set_out_dtype(out);
  return op;
}

}  // namespace

// TensorRT-LLM's sequence (cutlass MoE kernels).
std::vector<Work> moe_kernels(const Moe& op) {
  constexpr std::size_t kBeforeRows = 4;  // top-k, sort, descriptions, permute
  check(op);
  const std::vector<std::int64_t> loads = local_rows(op);
  const std::int64_t rows = std::accumulate(loads.begin(), loads.end(), std::int64_t{0});
  const std::int64_t inter = op.inter_size() / op.moe_tp_size();
  const bool scaled = is_quantized(op.dtype());
  std::vector<Operator> steps = {top_k(op), sort_rows(op), describe_groups(op), permute(op, rows)};
  if (scaled) {
    steps.push_back(quantise(rows, op.hidden_size(), op.dtype()));
  }
  steps.push_back(grouped(loads, 2 * inter, op.hidden_size(), op.dtype()));
  steps.push_back(activation(rows, inter, op.dtype()));
  steps.push_back(grouped(loads, op.hidden_size(), inter, op.dtype()));
  steps.push_back(unpermute(op, rows));
  std::vector<Work> kernels;
  for (const Operator& step : steps) {
    kernels.push_back(work_of(step));
    // From the kernel after `permute` on the first tensor is what the kernel before wrote.
    kernels.back().tensors.front().carried = kernels.size() > kBeforeRows;
  }
  return kernels;
}

}  // namespace reticle::kernels
