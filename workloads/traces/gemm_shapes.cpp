#include "workloads/traces/gemm_shapes.h"

#include <algorithm>

namespace reticle::traces {
namespace {

constexpr std::int64_t kTile = 128;
// Dynamic shared memory of dpsk::grouped_gemm's fp8_ptp128c kernels: what tiles and barriers take,
// and 8 bytes for each 128 of k (scales of A and B).
constexpr std::int64_t kFixedSharedBytes = 217604;
constexpr std::int64_t kSharedBytesPerTile = 8;
constexpr std::int64_t kRowsPerExpandBlock = 16;
constexpr std::size_t kOpenOperands = 64;

std::int64_t tiles(std::int64_t n) { return (n + kTile - 1) / kTile; }

RecognisedKernel gemm(std::int64_t m, std::int64_t n, std::int64_t k, Dtype dtype, Dtype out,
                      Confidence confidence, std::string what) {
  RecognisedKernel kernel;
  if (m <= 0 || n <= 0 || k <= 0) {
    return kernel;
  }
  Operator op;
  op.mutable_gemm()->set_m(m);
  op.mutable_gemm()->set_n(n);
  op.mutable_gemm()->set_k(k);
  op.mutable_gemm()->set_dtype(dtype);
  op.mutable_gemm()->set_out_dtype(out);
  kernel.op = op;
  kernel.confidence = confidence;
  kernel.what = std::move(what);
  return kernel;
}

}  // namespace

GemmShapes::GemmShapes(const Model& model, std::int64_t tokens, std::int64_t ranks)
    : weights_(layer_weights(model)),
      hidden_(model.hidden()),
      routed_(model.experts().routed()),
      tokens_(tokens) {
  experts_ = std::max<std::int64_t>(routed_ / std::max<std::int64_t>(ranks, 1), 1);
}

std::int64_t GemmShapes::depth(const LaunchedKernel& kernel) {
  const std::int64_t shared = kernel.details->shared_memory_bytes;
  if (!kernel.name->has("fp8_ptp128c::GemmKernel") || shared <= kFixedSharedBytes) {
    return 0;
  }
  return (shared - kFixedSharedBytes) * kTile / kSharedBytesPerTile;
}

void GemmShapes::see(const LaunchedKernel& kernel) {
  const KernelText& name = *kernel.name;
  const auto& grid = kernel.details->grid;
  if (name.has("cast_and_transpose")) {
    see_operand({grid[0], std::int64_t{grid[1]} * kTile});
  } else if (name.has("per_token_cast_to_fp8") || name.has("expand_to_fused")) {
    const std::int64_t per_block = name.has("expand_to_fused") ? kRowsPerExpandBlock : 1;
    rows_ = std::int64_t{grid[0]} * per_block;
    expert_rows_ = rows_ == tokens_ ? expert_rows_ : rows_;
  } else if (name.has("batched_transpose")) {
    transposed_tiles_ = grid[0];
  }
}

void GemmShapes::see_operand(const Operand& operand) {
  const bool expert = operand.rows != tokens_;
  for (auto other = operands_.begin(); other != operands_.end(); ++other) {
    const Weight* weight = other->rows == operand.rows
                               ? weight_of(other->width_tiles, operand.width_tiles, expert)
                               : nullptr;
    if (weight != nullptr) {
      operands_.erase(other);
      if (expert) {
        expert_gradient_ = {weight, operand.rows, experts_};
      } else {
        gradients_.push_back({weight, operand.rows, 1});
      }
      return;
    }
  }
  operands_.push_back(operand);
  if (operands_.size() > kOpenOperands) {  // never claimed: not a pair of a weight gradient
    operands_.erase(operands_.begin());
  }
}

const Weight* GemmShapes::weight_of(std::int64_t tiles_a, std::int64_t tiles_b, bool expert) const {
  for (const Weight& weight : weights_) {
    const std::int64_t out = tiles(weight.out);
    const std::int64_t in = tiles(weight.in);
    if (weight.expert == expert &&
        ((out == tiles_a && in == tiles_b) || (out == tiles_b && in == tiles_a))) {
      return &weight;
    }
  }
  return nullptr;
}

RecognisedKernel GemmShapes::shape(const LaunchedKernel& kernel, std::int64_t next_k) {
  RecognisedKernel out;
  if (kernel.name->has("m_grouped")) {
    out = grouped(depth(kernel), next_k);
    out.kernel_class = KernelClass::kGroupedGemm;
    return out;
  }
  if (kernel.name->has("fp8_dptp128c_acc")) {
    out = weight_gradient();
  } else if (const std::int64_t k = depth(kernel); k > 0) {
    out = forward_or_data(kernel, k);
  } else {
    out = tiled(kernel);
  }
  out.kernel_class = KernelClass::kGemm;
  return out;
}

RecognisedKernel GemmShapes::forward_or_data(const LaunchedKernel& kernel, std::int64_t k) {
  constexpr Dtype kType = DTYPE_FP8_BLOCK;
  if (transposed_tiles_ > 0) {  // the weight was transposed for a data gradient
    const std::int64_t n_tiles = transposed_tiles_ / tiles(k);
    transposed_tiles_ = 0;
    for (const Weight& weight : weights_) {
      if (weight.out == k && tiles(weight.in) == n_tiles && !weight.expert) {
        return gemm(rows_, weight.in, k, kType, DTYPE_BFLOAT16, Confidence::kHigh,
                    weight.name + " data gradient");
      }
    }
    return gemm(rows_, n_tiles * kTile, k, kType, DTYPE_BFLOAT16, Confidence::kMedium,
                "data gradient");
  }
  std::size_t& cursor = cursor_[kernel.thread];
  for (std::size_t step = 0; step < weights_.size(); ++step) {
    const std::size_t i = (cursor + step) % weights_.size();
    if (weights_[i].in == k && !weights_[i].expert) {
      cursor = i + 1;
      return gemm(rows_, weights_[i].out, k, kType, DTYPE_BFLOAT16, Confidence::kMedium,
                  weights_[i].name);
    }
  }
  return {};
}

RecognisedKernel GemmShapes::grouped(std::int64_t k, std::int64_t next_k) {
  transposed_tiles_ = 0;  // the experts' own
  // Forward: gate_up (k = hidden), then down; backward: down's gradient (k = hidden), then
  // gate_up's.
  for (const Weight& weight : weights_) {
    if (!weight.expert) {
      continue;
    }
    const bool forward = weight.in == k;
    const std::int64_t follows = forward ? weight.out / 2 : 2 * weight.in;
    const bool ambiguous = k == hidden_;
    if ((!forward && weight.out != k) || (ambiguous && next_k != follows)) {
      continue;
    }
    RecognisedKernel out;
    const std::int64_t rows = expert_rows_ > 0 ? expert_rows_ : rows_;
    if (rows < experts_) {
      return out;
    }
    Operator op;
    GroupedGemm& g = *op.mutable_grouped_gemm();
    g.set_groups(experts_);
    g.set_m(rows / experts_);
    g.set_n(forward ? weight.out : weight.in);
    g.set_k(k);
    g.set_dtype(DTYPE_FP8_BLOCK);
    g.set_out_dtype(DTYPE_BFLOAT16);
    out.op = op;
    out.confidence = Confidence::kMedium;
    out.what = weight.name + (forward ? "" : " data gradient");
    return out;
  }
  return {};
}

RecognisedKernel GemmShapes::weight_gradient() {
  Gradient gradient;
  if (expert_gradient_.left > 0) {
    gradient = expert_gradient_;
    --expert_gradient_.left;
    gradient.rows /= experts_;
  } else if (!gradients_.empty()) {
    gradient = gradients_.front();
    gradients_.pop_front();
  } else {
    return {};
  }
  RecognisedKernel out =
      gemm(gradient.weight->out, gradient.weight->in, gradient.rows, DTYPE_FP8_BLOCK, DTYPE_FLOAT32,
           Confidence::kMedium, gradient.weight->name + " weight gradient");
  if (auto* op = std::get_if<Operator>(&out.op)) {
    op->mutable_gemm()->set_accumulate(true);  // the kernel's `acc`: into the FP32 gradient
  }
  return out;
}

// Grid and tile give m and n rounded up; PyTorch's y = x W^T is `tn`, its data gradient `nn`, its
// weight gradient `nt`. Only the gate is left to cuBLAS beside FP8 GEMMs.
RecognisedKernel GemmShapes::tiled(const LaunchedKernel& kernel) const {
  const KernelText& name = *kernel.name;
  const Dtype out = name.has("bf16f32_f32") ? DTYPE_FLOAT32 : DTYPE_BFLOAT16;
  const std::vector<std::int64_t> tile = name.integers_after("tilesize");
  const auto& grid = kernel.details->grid;
  if (routed_ > 0 && name.has("_nn_")) {
    return gemm(tokens_, hidden_, routed_, DTYPE_BFLOAT16, out, Confidence::kLow,
                "gate data gradient");
  }
  if (routed_ > 0 && name.has("_nt_")) {
    return gemm(routed_, hidden_, tokens_, DTYPE_BFLOAT16, out, Confidence::kLow,
                "gate weight gradient");
  }
  if (tile.size() < 2 || !name.has("_tn_")) {
    return {};
  }
  const std::int64_t m = grid[0] * tile[0];
  const std::int64_t n = grid[1] * tile[1];
  for (const Weight& weight : weights_) {
    if (weight.out == n && !weight.expert) {
      return gemm(m, n, weight.in, DTYPE_BFLOAT16, out, Confidence::kMedium, weight.name);
    }
  }
  return gemm(m, n, hidden_, DTYPE_BFLOAT16, out,
              n == routed_ ? Confidence::kHigh : Confidence::kLow, n == routed_ ? "gate" : "");
}

}  // namespace reticle::traces
