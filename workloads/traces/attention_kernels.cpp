#include "workloads/traces/attention_kernels.h"

#include <algorithm>
#include <cstdlib>

#include "workloads/traces/recognised.h"

namespace reticle::traces {
namespace {

// CollectiveMainloopBwd<stages, cluster, (queries, keys, d), (queries, keys, v), ...>: its C<..>.
BackwardTile backward_tile(const std::string& name) {
  constexpr std::size_t kCluster = 3;
  constexpr std::size_t kWanted = kCluster + 6;
  std::vector<std::int64_t> numbers;
  std::size_t at = name.find("CollectiveMainloopBwd<");
  while (at != std::string::npos && numbers.size() < kWanted) {
    at = name.find("C<", at + 1);
    if (at != std::string::npos) {
      numbers.push_back(std::strtoll(name.c_str() + at + 2, nullptr, 10));
    }
  }
  if (numbers.size() < kWanted || *std::min_element(numbers.begin(), numbers.end()) <= 0) {
    return {};
  }
  return {numbers[kCluster], numbers[kCluster + 1], numbers[kCluster + 2], numbers[kWanted - 1]};
}

}  // namespace

RecognisedKernel attention_forward(const LaunchedKernel& kernel) {
  constexpr std::int64_t kMlaWidth = 192;
  const std::vector<std::int64_t> traits = kernel.name->integers_after("fwd_kernel_traits<");
  if (traits.size() < 2) {
    return {};
  }
  const auto& grid = kernel.details->grid;
  Operator op;
  if (traits[0] == kMlaWidth) {
    op.mutable_mla_prefill()->set_batch_size(std::max<std::int64_t>(grid[2], 1));
    op.mutable_mla_prefill()->set_isl(grid[0] * traits[1]);
    op.mutable_mla_prefill()->set_num_heads(grid[1]);
    op.mutable_mla_prefill()->set_dtype(DTYPE_BFLOAT16);
    return made(op, Confidence::kHigh, "attention core");
  }
  AttentionPrefill& prefill = *op.mutable_attention_prefill();
  prefill.set_batch_size(std::max<std::int64_t>(grid[2], 1));
  prefill.set_isl(grid[0] * traits[1]);
  prefill.set_num_heads(grid[1]);
  prefill.set_num_key_value_heads(grid[1]);
  prefill.set_head_dim(traits[0]);
  prefill.set_dtype(DTYPE_BFLOAT16);
  return made(op, Confidence::kMedium, "attention core");
}

RecognisedKernel attention_backward(const LaunchedKernel& kernel, const Model& model,
                                    std::int64_t tokens) {
  const bool mla = model.has_mla();
  const std::int64_t d = mla ? model.mla().nope_dim() + model.mla().rope_dim() : 0;
  const std::int64_t v = mla ? model.mla().v_dim() : 0;
  const std::int64_t rows = tokens * kernel.details->grid[1];
  if (kernel.name->has("Preprocess")) {  // rowsum(o dO), and zeroes of dq in FP32
    return moved(rows * (2 * v * kBf16 + d * kFp32), Confidence::kMedium, "o dO");
  }
  if (kernel.name->has("Postprocess")) {
    return moved(rows * d * (kFp32 + kBf16), Confidence::kMedium, "dq to bf16");
  }
  if (!mla || tokens == 0) {
    return {};
  }
  Operator op;
  op.mutable_mla_prefill()->set_batch_size(1);
  op.mutable_mla_prefill()->set_isl(tokens);
  op.mutable_mla_prefill()->set_num_heads(kernel.details->grid[1]);
  op.mutable_mla_prefill()->set_dtype(DTYPE_BFLOAT16);
  RecognisedKernel out = made(op, Confidence::kMedium, "attention core backward",
                              static_cast<double>(3 * d + 2 * v) / static_cast<double>(d + v));
  out.backward = backward_tile(kernel.name->text);
  return out;
}

}  // namespace reticle::traces
