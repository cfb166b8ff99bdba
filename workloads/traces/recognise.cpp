#include "workloads/traces/recognise.h"

#include <algorithm>
#include <array>
#include <map>

#include "schema/operators.h"
#include "workloads/traces/attention_kernels.h"
#include "workloads/traces/gemm_shapes.h"
#include "workloads/traces/launch_order.h"
#include "workloads/traces/recognised.h"
#include "workloads/traces/transfer_kernels.h"

namespace reticle::traces {
namespace {

constexpr std::int64_t kThreads = 128;  // of PyTorch's elementwise blocks
// DeepSeek's E5M6, in which attention's output is kept (V3 technical report, 3.3.3, recalled).
constexpr std::int64_t kSpecialBits = 12;

class Recogniser {
 public:
  Recogniser(const Recording& recording, const LaunchGraph& graph, const Model& model)
      : ranks_(recording.world_size),
        model_(model),
        order_(recording, graph),
        strings_(recording.strings),
        gemms_(model, count_tokens(), recording.world_size),
        out_(graph.tasks.size()) {
    tokens_ = gemms_.tokens();
    next_grouped_ = next_with("m_grouped");
    next_sum_ = next_with("reduce_fused");
  }

  std::vector<RecognisedKernel> run() {
    for (at_ = 0; at_ < order_.kernels().size(); ++at_) {
      const LaunchedKernel& kernel = order_.kernels()[at_];
      gemms_.see(kernel);
      const KernelClass c = kernel_class(kernel.name->text, kernel.category);
      RecognisedKernel& out = out_[kernel.task];
      out = one(kernel, c);
      out.kernel_class = c;
      out.launch = *kernel.details;
      if (kernel.name->has("bwd") && !kernel.name->has("finalize")) {
        backward_blocks_ = kernel.details->grid[0];
      }
    }
    return std::move(out_);
  }

 private:
  // Rows of a micro-batch: queries of the attention kernel, else the rows most often quantised.
  std::int64_t count_tokens() const {
    std::map<std::int64_t, std::int64_t> rows;
    for (const LaunchedKernel& kernel : order_.kernels()) {
      const auto& grid = kernel.details->grid;
      const std::vector<std::int64_t> traits = kernel.name->integers_after("fwd_kernel_traits<");
      if (traits.size() >= 2) {
        return grid[0] * traits[1] * std::max<std::int64_t>(grid[2], 1);
      }
      if (kernel.name->has("per_token_cast") || kernel.name->has("quant")) {
        ++rows[grid[0]];
      }
    }
    const auto most = std::max_element(
        rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == rows.end() ? 0 : most->first;
  }

  RecognisedKernel one(const LaunchedKernel& kernel, KernelClass c) {
    switch (c) {
      case KernelClass::kGemm:
      case KernelClass::kGroupedGemm:
        return gemms_.shape(kernel, next_grouped_depth());
      case KernelClass::kAttentionForward:
        return attention_forward(kernel);
      case KernelClass::kAttentionBackward:
        return attention_backward(kernel, model_, tokens_);
      case KernelClass::kDispatch:
      case KernelClass::kCombine:
        return moe_transfer(kernel, c == KernelClass::kDispatch, model_, ranks_, tokens_);
      case KernelClass::kSynchronise:
        return token_counts(model_, ranks_);
      case KernelClass::kCollective:
        return collective(kernel, strings_);
      case KernelClass::kQuantise:
        return quantise(kernel);
      case KernelClass::kNorm:
        return norm(kernel);
      case KernelClass::kActivation:
        return activation(kernel);
      case KernelClass::kRope:
        return rope(kernel);
      case KernelClass::kRoute:
        return route(kernel);
      case KernelClass::kCopy:
        return copy(kernel);
      case KernelClass::kElementwise:
        return elementwise(kernel);
      case KernelClass::kOther:
        break;
    }
    return {};
  }

  // Of every kernel, the first from it on with `part` in its name; the number of kernels if none.
  std::vector<std::size_t> next_with(const char* part) const {
    const std::size_t n = order_.kernels().size();
    std::vector<std::size_t> next(n + 1, n);
    for (std::size_t i = n; i > 0; --i) {
      next[i - 1] = order_.kernels()[i - 1].name->has(part) ? i - 1 : next[i];
    }
    return next;
  }

  std::int64_t next_grouped_depth() const {
    const std::size_t next = next_grouped_[at_ + 1];
    return next < order_.kernels().size() ? GemmShapes::depth(order_.kernels()[next]) : 0;
  }

  // k of the GEMM that a quantised activation is for: the next one, if it comes at once.
  std::int64_t width_for_next_gemm() const {
    constexpr std::size_t kAtOnce = 4;
    const std::size_t last = std::min(at_ + kAtOnce, order_.kernels().size() - 1);
    for (std::size_t i = at_ + 1; i <= last; ++i) {
      if (const std::int64_t k = GemmShapes::depth(order_.kernels()[i]); k > 0) {
        return k;
      }
    }
    return 0;
  }

  RecognisedKernel quantise(const LaunchedKernel& kernel) const {
    constexpr std::int64_t kTile = 128;
    const auto& grid = kernel.details->grid;
    Operator op;
    op.mutable_quantize()->set_dtype(DTYPE_FP8_BLOCK);
    if (kernel.name->has("cast_and_transpose")) {
      op.mutable_quantize()->set_m(grid[1] * kTile);
      op.mutable_quantize()->set_n(grid[0] * kTile);
      return made(op, Confidence::kHigh, "cast and transpose");
    }
    if (kernel.name->has("cast_back")) {  // fp8 to bf16
      const bool special = kernel.name->has("special_fmt");
      const std::int64_t width = special ? value_width() : model_.hidden();
      const std::int64_t rows = next_has("expand_to_fused", 3) ? received() : tokens_;
      const std::int64_t bits = special ? kSpecialBits : 8;
      return moved(rows * width * (bits + 8 * kBf16) / 8, Confidence::kLow, "fp8 to bf16");
    }
    const std::int64_t k = width_for_next_gemm();
    const std::int64_t special = kernel.name->has("special_fmt") ? value_width() : 0;
    const std::int64_t width = special > 0 ? special : k > 0 ? k : model_.hidden();
    if (grid[0] == 0 || width <= 0) {
      return {};
    }
    op.mutable_quantize()->set_m(grid[0]);
    op.mutable_quantize()->set_n(width);
    // Of 16 bits in and 8 out; what is kept of attention's output is written as well.
    return made(op, k > 0 ? Confidence::kHigh : Confidence::kMedium, "cast",
                special > 0 ? 1 + kSpecialBits / 24.0 : 1);
  }

  std::int64_t value_width() const { return model_.mla().heads() * model_.mla().v_dim(); }

  bool next_has(const char* part, std::size_t within) const {
    const std::size_t last = std::min(at_ + within, order_.kernels().size() - 1);
    for (std::size_t i = at_ + 1; i <= last; ++i) {
      if (order_.kernels()[i].name->has(part)) {
        return true;
      }
    }
    return false;
  }

  // Tokens that arrived at the rank: the next sum over experts writes one row for each.
  std::int64_t received() const {
    const std::size_t next = next_sum_[at_];
    return next < order_.kernels().size() ? order_.kernels()[next].details->grid[0]
                                          : gemms_.expert_rows();
  }

  RecognisedKernel norm(const LaunchedKernel& kernel) const {
    std::int64_t width = model_.hidden();
    const std::size_t unit = kernel.name->text.find("u, 1u");
    if (unit != std::string::npos) {  // Kernel_traits<types..., 7168u, 1u, ...>
      const std::size_t begin = kernel.name->text.rfind(' ', unit);
      width = std::strtoll(kernel.name->text.c_str() + begin, nullptr, 10);
    }
    if (kernel.name->has("finalize")) {  // a partial sum for each block of the kernel before
      return moved(width * kFp32 * backward_blocks_, Confidence::kLow, "sums of gradients");
    }
    if (width <= 0 || tokens_ <= 0) {
      return {};
    }
    // Passes over the rows beside 2 (in, out): backward reads x too. On the residual stream no
    // other kernel of a layer adds to it or to its gradient, so that the norm before the gate and
    // the backward ones do: the gradient is read, before the gate a term read and the sum written.
    const bool backward = kernel.name->has("bwd");
    const bool residual = width == model_.hidden() && (backward || before_gate());
    const int more = (backward ? 1 : 0) + (residual ? (backward ? 1 : 2) : 0);
    constexpr double kPasses = 2;
    return made(operators::rmsnorm(tokens_, width), Confidence::kMedium,
                std::string(residual ? "residual, norm" : "norm") + (backward ? " backward" : ""),
                1 + more / kPasses);
  }

  // Whether the next kernel is the gate's product, the only one left to cuBLAS.
  bool before_gate() const { return model_.has_experts() && next_has("_tn_", 1); }

  RecognisedKernel activation(const LaunchedKernel& kernel) const {
    const std::int64_t width = model_.experts().width();
    const KernelText& name = *kernel.name;
    const std::int64_t blocks = kernel.details->grid[0];
    if (width <= 0) {
      return {};
    }
    if (name.has(
            "forward_backward")) {  // gate, up, dy in; their gradients and y out; 2 rows a block
      return moved(2 * blocks * width * 6 * kBf16, Confidence::kMedium, "swiglu and gradient");
    }
    if (name.has("weight_backward")) {  // dot products of routed rows with their gradients
      return moved(gemms_.expert_rows() * width * 2 * kBf16, Confidence::kLow, "weight gradient");
    }
    if (name.has("swiglu_backward")) {
      return moved(tokens_ * width * 5 * kBf16, Confidence::kMedium, "swiglu gradient");
    }
    Operator op;
    op.mutable_swiglu()->set_m(name.has("cast_and_transpose") ? tokens_ : blocks);
    op.mutable_swiglu()->set_n(width);
    op.mutable_swiglu()->set_dtype(DTYPE_BFLOAT16);
    op.mutable_swiglu()->set_out_dtype(name.has("cast") ? DTYPE_FP8_BLOCK : DTYPE_BFLOAT16);
    return made(op, Confidence::kHigh, "swiglu");
  }

  RecognisedKernel rope(const LaunchedKernel& kernel) const {
    if (tokens_ <= 0 || !model_.has_mla()) {
      return {};
    }
    Operator op;
    op.mutable_rope()->set_m(tokens_ * std::max<std::int64_t>(kernel.details->grid[2], 1));
    op.mutable_rope()->set_n(model_.mla().rope_dim());
    op.mutable_rope()->set_dtype(DTYPE_BFLOAT16);
    return made(op, Confidence::kMedium, "rope");
  }

  RecognisedKernel route(const LaunchedKernel& kernel) const {
    const KernelText& name = *kernel.name;
    const std::int64_t hidden = model_.hidden();
    if (name.has("expand_to_fused")) {
      return moved(2 * gemms_.expert_rows() * hidden, Confidence::kHigh, "rows to experts");
    }
    if (name.has("reduce_fused")) {
      return moved((gemms_.expert_rows() + kernel.details->grid[0]) * hidden * kBf16,
                   Confidence::kHigh, "rows from experts");
    }
    if (name.has("gatherTopK") && tokens_ > 0 && model_.has_experts()) {
      Operator op;
      op.mutable_topk()->set_m(kernel.details->grid[0]);
      op.mutable_topk()->set_n(model_.experts().routed());
      op.mutable_topk()->set_k(model_.experts().topk());
      // PyTorch's radix select: 2 bits of the 32 a pass over the row, then two to gather
      // (recalled).
      constexpr std::int64_t kPasses = 32 / 2 + 2;
      RecognisedKernel out = made(op, Confidence::kMedium, "top k");
      out.trips = kPasses;
      return out;
    }
    // Lists of who goes where: an index a token and destination.
    constexpr std::int64_t kIndex = 8;
    const std::int64_t topk = model_.experts().topk();
    if (name.has("get_fused_mapping") || name.has("clean_and_count_expert")) {
      // A block an expert goes through all that arrived, an index a thread at a time.
      const std::int64_t list = received() * topk;
      const std::int64_t threads = std::max<std::int64_t>(kernel.details->block[0], 1);
      RecognisedKernel out = moved(kIndex * list * kernel.details->grid[0], Confidence::kMedium,
                                   "rows of each expert");
      out.trips = (list + threads - 1) / threads;
      return out;
    }
    return moved(2 * kIndex * tokens_ * topk, Confidence::kLow, "routing tables");
  }

  RecognisedKernel copy(const LaunchedKernel& kernel) const {
    constexpr std::int64_t kTile = 128;
    const KernelText& name = *kernel.name;
    const Details& d = *kernel.details;
    if (kernel.category != Category::kKernel) {
      return moved(static_cast<std::int64_t>(std::max<std::uint64_t>(d.bytes, 1)) *
                       (kernel.category == Category::kMemcpy ? 2 : 1),
                   d.bytes > 0 ? Confidence::kHigh : Confidence::kLow, "copy");
    }
    if (name.has("batched_transpose")) {
      return moved(2 * d.grid[0] * kTile * kTile, Confidence::kHigh, "transpose of a weight");
    }
    if (name.has("transpose<")) {  // scales of one operand: an FP32 a 128
      const std::int64_t k = std::max(width_for_next_gemm(), kTile);
      return moved(2 * kFp32 * tokens_ * (k / kTile), Confidence::kMedium, "scales");
    }
    if (name.has("_copy_tensor_kernel")) {
      return moved(2 * kBf16 * d.grid[0] * value_width(), Confidence::kMedium, "keys or values");
    }
    return elementwise(kernel);
  }

  // PyTorch: `vectorized` and `unrolled` take 4 elements a thread, elementwise_kernel<threads, n>
  // takes n.
  static RecognisedKernel elementwise(const LaunchedKernel& kernel) {
    const KernelText& name = *kernel.name;
    const std::vector<std::int64_t> shape = name.integers_after(":elementwise_kernel<");
    const std::int64_t each = shape.size() >= 2 ? shape[1] : 4;
    const std::int64_t elements = std::int64_t{kernel.details->grid[0]} * kThreads * each;
    const bool sized = name.has("elementwise_kernel") && !name.has("reduce_kernel");
    return moved(elements * name.arrays() * name.element_bytes(),
                 sized ? Confidence::kHigh : Confidence::kLow);
  }

  std::int64_t ranks_;
  const Model& model_;
  LaunchOrder order_;
  const Strings& strings_;
  GemmShapes gemms_;
  std::vector<RecognisedKernel> out_;
  std::int64_t tokens_ = 0;
  std::size_t at_ = 0;  // in the order of launches
  std::vector<std::size_t> next_grouped_;
  std::vector<std::size_t> next_sum_;
  std::int64_t backward_blocks_ = 0;  // of the last backward kernel that sums up by block
};

}  // namespace

const char* confidence_name(Confidence confidence) {
  constexpr std::array<const char*, 4> kNames = {"none", "low", "medium", "high"};
  return kNames[static_cast<std::size_t>(confidence)];
}

std::vector<RecognisedKernel> recognise(const Recording& recording, const LaunchGraph& graph,
                                        const Model& model) {
  return Recogniser(recording, graph, model).run();
}

}  // namespace reticle::traces
