#include "models/kernels/attention_work.h"
#include "models/kernels/mapping.h"
#include "models/kernels/tensor_gpu/attention_tiling.h"
#include "models/kernels/tensor_gpu/matrix_path.h"
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

// The new keys and values go to their pages; attention then finds in L2 what fits.
Work cache_write_work(const AttentionWork& attention) {
  const std::int64_t tokens = attention.sequences * attention.positions;
  const double row = static_cast<double>(attention.kv_heads *
                                         (attention.key_width +
                                          (is_latent(attention) ? 0 : attention.value_width))) *
                     element_bytes(attention.dtype);
  const double bytes = static_cast<double>(tokens) * row;
  Work work;
  work.tensors = {{"x", bytes}, {"y", bytes, true}};
  work.vector = VectorWork{tokens, row, row, 0, 0};
  return work;
}

std::vector<Work> attention(Work core, const Target& target) {
  AttentionWork& shape = *core.attention;
  const AttentionTiling tiling = choose_attention_tiling(shape, target);
  shape.splits = tiling.splits;
  std::vector<Work> kernels;
  if (shape.cached && target.variants.side().cache_write()) {
    kernels.push_back(cache_write_work(shape));
    for (Tensor& tensor : core.tensors) {
      tensor.carried = shape.causal && (tensor.name == "k" || tensor.name == "v");
    }
  }
  // FlashAttention-3 lays a batch out ahead, and resets its tile counter, in a small kernel: on
  // Hopper launched so that attention starts meanwhile (programmatic dependent launch).
  if (tiling.gathered && !has_producer(target.chip.tensor_gpu()) &&
      variant_of(shape, target) != ATTENTION_VARIANT_FLASH_ATTENTION_2) {
    kernels.push_back(small_kernel());
  }
  const std::int64_t rows = shape.sequences * shape.kv_heads * shape.group * shape.positions;
  const CombineWork combine = {rows, shape.value_width, rows * tiling.splits,
                               attention_out(shape.dtype)};
  if (tiling.splits > 1) {
    write_partials(core, combine);
  }
  kernels.push_back(core);
  if (tiling.splits > 1) {
    kernels.push_back(combine_work(combine));
  } else if (tiling.most_splits > 1) {
    kernels.push_back(small_kernel());  // the sum is launched, and finds nothing to do
  }
  return kernels;
}

// Absorbed MLA as attention of one key/value head.
Work latent_attention(const Work& core) {
  const MlaWork& mla = *core.mla;
  Work work;
  work.operations = core.operations;
  work.tensors = {core.tensors[0], core.tensors[1], {"v", 0}, core.tensors[2], {"table", 0}};
  AttentionWork attention;
  attention.sequences = mla.sequences;
  attention.positions = 1;
  attention.group = mla.queries;
  attention.kv_len = mla.kv_len;
  attention.kv_heads = 1;
  attention.key_width = mla.key_width;
  attention.value_width = mla.value_width;
  attention.dtype = mla.dtype;
  attention.cached = true;
  work.attention = attention;
  return work;
}

std::vector<Work> mla(Work core, const Target& target) {
  if (target.chip.tensor_gpu().matrix_instruction() == MATRIX_INSTRUCTION_MMA_SYNC) {
    return attention(latent_attention(core), target);
  }
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
