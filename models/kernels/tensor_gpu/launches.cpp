#include "models/kernels/mapping.h"
#include "models/kernels/tensor_gpu/attention_tiling.h"
#include "models/kernels/tensor_gpu/mla_parts.h"
#include "schema/dtype.h"

namespace reticle::kernels {

namespace tensor_gpu {

namespace {

constexpr double kFp32 = 4;     // bytes
constexpr double kCounter = 4;  // bytes of a scheduler's counter

// A kernel that writes a few bytes: a counter, offsets of sequences, a schedule.
Work small_kernel() {
  Work work;
  work.tensors = {{"x", 0}, {"y", kCounter, true}};
  work.vector = VectorWork{1, 0, kCounter, 1, 0};
  return work;
}

Work combine_work(const CombineWork& combine) {
  Work work;
  const auto width = static_cast<double>(combine.width);
  const double partial = static_cast<double>(combine.partials) * (width + 1) * kFp32;
  const double out = static_cast<double>(combine.rows) * width * element_bytes(combine.dtype);
  work.tensors = {{"partial", partial, false, true}, {"o", out, true}};
  work.combine = combine;
  return work;
}

// The core writes partial results where it would write the output.
void write_partials(Work& core, const CombineWork& combine) {
  for (Tensor& tensor : core.tensors) {
    if (tensor.output) {
      tensor = combine_work(combine).tensors.front();
      tensor.output = true;
      tensor.carried = false;
    }
  }
}

std::vector<Work> attention(Work core, const Target& target) {
  AttentionWork& shape = *core.attention;
  const AttentionTiling tiling = choose_attention_tiling(shape, target);
  shape.splits = tiling.splits;
  std::vector<Work> kernels;
  if (tiling.splits > 1) {
    const std::int64_t rows = shape.sequences * shape.kv_heads * shape.group * shape.positions;
    const CombineWork combine = {rows, shape.value_width, rows * tiling.splits, shape.dtype};
    write_partials(core, combine);
    kernels = {core, combine_work(combine)};
  } else if (tiling.gathered && !tiling.two_blocks) {
    // The tile counter of FlashAttention-3's scheduler: the combine kernel resets it, else a fill
    // does (vllm-project/flash-attention hopper/flash_api.cpp, with metadata computed ahead).
    kernels = {core, small_kernel()};
  } else {
    kernels = {core};
  }
  return kernels;
}

std::vector<Work> mla(Work core, const Target& target) {
  const MlaWork& shape = *core.mla;
  const MlaParts dealt = deal_mla(shape, target.cores.matrix());
  const CombineWork combine = {dealt.split_sequences() * shape.queries, shape.value_width,
                               dealt.partial_segments() * shape.queries, shape.dtype};
  if (combine.rows == 0) {
    return {core, small_kernel()};  // FlashMLA launches its combine kernel all the same
  }
  write_partials(core, combine);
  return {core, combine_work(combine)};
}

// Rotary parts of queries in place and of keys to every head that has keys of its own, the new rows
// to the cache (TensorRT-LLM's applyMLARopeAndAssignQKV kernels).
Work rope_work(std::int64_t tokens, std::int64_t heads, std::int64_t key_heads, std::int64_t latent,
               Dtype dtype) {
  constexpr double kRotary = 64;
  constexpr double kPasses = 3;  // two products and a sum
  const double element = element_bytes(dtype);
  const double queries = kRotary * static_cast<double>(heads) * element;
  const double keys = kRotary * static_cast<double>(key_heads) * element;
  const double row = static_cast<double>(latent) * element;
  Work work;
  const auto rows = static_cast<double>(tokens);
  work.tensors = {{"x", rows * (queries + row)}, {"y", rows * (queries + keys + row), true}};
  work.vector = VectorWork{tokens, queries + row, queries + keys + row,
                           kPasses * kRotary * static_cast<double>(heads + 1), 0};
  return work;
}

// Nothing where the framework rotates elsewhere, and for other attention.
std::vector<Work> rope_kernels(const Work& core, const SideKernels& side) {
  constexpr std::int64_t kLatent = 576;
  if (!side.mla_rope()) {
    return {};
  }
  if (core.mla) {
    const MlaWork& mla = *core.mla;
    return {rope_work(mla.sequences, mla.queries, 0, kLatent, mla.dtype)};
  }
  const AttentionWork& attention = *core.attention;
  if (attention.cached) {
    return {};
  }
  return {rope_work(attention.sequences * attention.positions, attention.kv_heads,
                    attention.kv_heads, kLatent, attention.dtype)};
}

std::uint32_t side_kernels(const Work& core, const SideKernels& side) {
  if (core.mla) {
    return side.mla_decode();
  }
  const AttentionWork& attention = *core.attention;
  if (!attention.cached) {
    return side.mla_prefill();
  }
  return attention.causal ? side.attention_prefill() : side.attention_decode();
}

}  // namespace

}  // namespace tensor_gpu

std::vector<Work> launches_tensor_gpu(const Work& work, const Target& target) {
  if (!work.mla && !work.attention) {
    return {work};
  }
  std::vector<Work> kernels(tensor_gpu::side_kernels(work, target.variants.side()),
                            tensor_gpu::small_kernel());
  for (const Work& rope : tensor_gpu::rope_kernels(work, target.variants.side())) {
    kernels.push_back(rope);
  }
  const std::vector<Work> core =
      work.mla ? tensor_gpu::mla(work, target) : tensor_gpu::attention(work, target);
  kernels.insert(kernels.end(), core.begin(), core.end());
  return kernels;
}

}  // namespace reticle::kernels
