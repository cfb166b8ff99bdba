#include "models/kernels/moe_work.h"

#include <algorithm>
#include <numeric>

#include "models/kernels/expert_load.h"
#include "schema/dtype.h"
#include "schema/errors.h"
#include "schema/operators.h"

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

Operator top_k(const Moe& op) {
  return operators::topk(op.num_tokens(), op.num_experts(), op.topk());
}

// From chosen experts to where each row goes: one pass over pairs of row and expert.
Operator sort_rows(const Moe& op) {
  constexpr std::int64_t kPairBytes = 8;
  return operators::copy(op.num_tokens() * op.topk() * kPairBytes);
}

// Pointers, strides and tensor maps of every expert's GEMMs.
Operator describe_groups(const Moe& op) {
  constexpr std::int64_t kTensorMapBytes = 128;
  return operators::copy(op.num_experts() / op.moe_ep_size() * 2 * kTensorMapBytes);
}

// Tokens to expert order, and their results back: `make` is permute or unpermute. All of a token's
// copies are here without expert parallelism, else each row stands for itself.
template <class Make>
Operator reordered(Make make, const Moe& op, std::int64_t rows) {
  const bool whole = op.moe_ep_size() == 1;
  return make(whole ? op.num_tokens() : rows, op.hidden_size(), whole ? op.topk() : 1,
              DTYPE_BFLOAT16);
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
  std::vector<Operator> steps = {top_k(op), sort_rows(op), describe_groups(op),
                                 reordered(operators::permute, op, rows)};
  if (scaled) {
    steps.push_back(operators::quantize(rows, op.hidden_size(), op.dtype()));
  }
  steps.push_back(operators::grouped_gemm(loads, 2 * inter, op.hidden_size(), op.dtype()));
  steps.push_back(operators::swiglu(rows, inter, op.dtype()));
  steps.push_back(operators::grouped_gemm(loads, op.hidden_size(), inter, op.dtype()));
  steps.push_back(reordered(operators::unpermute, op, rows));
  std::vector<Work> kernels;
  for (const Operator& step : steps) {
    kernels.push_back(work_of(step));
    // From the kernel after `permute` on the first tensor is what the kernel before wrote.
    kernels.back().tensors.front().carried = kernels.size() > kBeforeRows;
    if (kernels.back().gemm) {
      kernels.back().gemm->listed = op.num_experts() / op.moe_ep_size();
    }
  }
  return kernels;
}

}  // namespace reticle::kernels
