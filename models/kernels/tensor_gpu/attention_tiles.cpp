#include <algorithm>
#include <cmath>

#include "models/kernels/tensor_gpu/attention_tiling.h"
#include "models/kernels/tensor_gpu/matrix_path.h"
#include "schema/dtype.h"
#include "schema/errors.h"
#include "sim/compute/units.h"

// Tiles as libraries have them. Sources: FA3 is flash-attention hopper/tile_size.h (2025), FA2 its
// csrc/flash_attn/src/flash_fwd_launch_template.h, FMHA TensorRT-LLM's
// cpp/kernels/fmha_v2/setup.py.

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;
using compute::round_up;

namespace {

constexpr std::int64_t kThreads = 128;  // of a warpgroup
constexpr std::int64_t kWarps = 4;      // of a warpgroup, or of a small block with mma.sync
constexpr std::int64_t kProducerRegisters =
    24;                                       // a thread of the warpgroup that loads (setmaxnreg)
constexpr std::int64_t kOtherRegisters = 32;  // addresses, maxima and sums of a consumer thread
constexpr std::int64_t kMostRegisters = 255;  // of a thread
constexpr std::int64_t kKeyStep = 16;         // P is an operand of depth 16
// FA3's widest blocks: of any kind, where the diagonal cuts them or keys are gathered, and where a
// head is narrow.
constexpr std::int64_t kMostKeys = 176;
constexpr std::int64_t kMostNarrowKeys = 192;
constexpr std::int64_t kMostCutKeys = 128;
constexpr std::int64_t kNarrowHead = 64;
constexpr double kSmallMemory = 100 * 1024;   // bytes of shared memory: compute capability 8.6, 8.9
constexpr std::int64_t kDescriptorReads = 2;  // tile counter and lengths, or lengths and pages
constexpr std::int64_t kScheduledReads = 4;   // tile counter, schedule, lengths, page table

std::int64_t round_down(std::int64_t value, std::int64_t step) { return value / step * step; }

// A thread of a warpgroup holds n / 2 FP32 values of 64 x n: scores, their 16-bit copy, and O.
std::int64_t keys_in_registers(std::int64_t warpgroups, const AttentionWork& work,
                               const TensorGpu& gpu) {
  if (gpu.tensor_memory() > 0) {  // scores and O of every warpgroup's 64 rows
    const double column = static_cast<double>(warpgroups * kWarpgroupRows) * sizeof(float);
    return static_cast<std::int64_t>(gpu.tensor_memory() / column) - work.value_width;
  }
  const auto words = static_cast<std::int64_t>(gpu.registers()) / 4;
  const std::int64_t share = (words / kThreads - kProducerRegisters) / warpgroups;
  const std::int64_t thread = round_down(std::min(share, kMostRegisters), 8);
  const std::int64_t left = thread - kOtherRegisters - round_up(work.value_width, 8) / 2;
  return left * 4 / 3;
}

// Shared memory of a thread block: Q, and the blocks of K and V on their way.
std::int64_t bytes_of_keys(const AttentionTiling& tiling, const AttentionWork& work) {
  const std::int64_t values = is_latent(work) ? 0 : work.value_width;
  return tiling.stages * data_bytes(work.key_width + values, work.dtype);
}
std::int64_t bytes_of_queries(const AttentionTiling& tiling, const AttentionWork& work) {
  return data_bytes(tiling.rows() * work.key_width, work.dtype);
}

// As many keys as the library takes, or, of a shape it was not made for, as fit.
void take_keys(AttentionTiling& tiling, std::int64_t most, const AttentionWork& work,
               const TensorGpu& gpu) {
  const auto memory = static_cast<std::int64_t>(gpu.shared_memory());
  const std::int64_t fit = (memory - bytes_of_queries(tiling, work)) / bytes_of_keys(tiling, work);
  tiling.keys = round_down(std::min(most, fit), kKeyStep);
  if (tiling.keys < kKeyStep) {
    throw UsageError("tensor_gpu: heads of " + std::to_string(work.key_width) + "/" +
                     std::to_string(work.value_width) +
                     " do not fit an SM's registers and shared memory");
  }
}

bool has_narrow_tiles(const Target& target) {
  return !target.variants.has_attention() || target.variants.attention().narrow_tiles();
}

// One; else two, three where heads are narrow; with tensor memory four, two tiles of 128 rows in
// turn, where it holds both with 64 keys.
std::int64_t warpgroups_for(std::int64_t rows, const AttentionWork& work, const Target& target) {
  const TensorGpu& gpu = target.chip.tensor_gpu();
  if (rows <= kWarpgroupRows && has_narrow_tiles(target)) {
    return 1;
  }
  if (gpu.tensor_memory() > 0) {
    constexpr std::int64_t kKeys = 64;
    const bool both = keys_in_registers(4, work, gpu) >= kKeys;
    return both && rows > 2 * kWarpgroupRows ? 4 : 2;
  }
  return work.key_width <= kNarrowHead ? 3 : 2;
}

// FA3 with wgmma and the TMA, and its schedule on Blackwell.
AttentionTiling warpgroup_tile(const AttentionWork& work, const Target& target) {
  const TensorGpu& gpu = target.chip.tensor_gpu();
  const std::int64_t page = target.variants.attention().page();
  AttentionTiling tiling;
  tiling.key_reads = attention_reads(gpu);
  tiling.gathered = work.cached && page > 0 && page % kMostCutKeys != 0;
  tiling.look_ups = tiling.gathered ? kScheduledReads : 0;
  const bool packed = packs_heads(tiling, work, target);
  tiling.groups = warpgroups_for(work.positions * (packed ? work.group : 1), work, target);
  const bool narrow = work.value_width <= kNarrowHead;
  const bool cut = work.causal || (tiling.gathered && !(narrow && tiling.groups == 1));
  const std::int64_t widest = cut ? kMostCutKeys : narrow ? kMostNarrowKeys : kMostKeys;
  take_keys(tiling, std::min(widest, keys_in_registers(tiling.groups, work, gpu)), work, gpu);
  return tiling;
}

// FMHA, the warp-specialised kernels: two warpgroups that take turns, tiles in their order (the
// tables show none of the balancing that its launcher has for what fits in L2).
AttentionTiling fmha_tile(const AttentionWork& work, const Target& target) {
  AttentionTiling tiling;
  tiling.groups = 2;
  tiling.longest_first = false;
  tiling.overlapped = false;
  tiling.through_smem = false;
  tiling.look_ups = kDescriptorReads;
  const std::int64_t width = std::max(work.key_width, work.value_width);
  const bool mla = work.key_width == 192 && work.value_width == 128;
  const std::int64_t wide = element_bytes(work.dtype) < 2 ? 2 : 1;  // twice the keys in FP8
  std::int64_t keys = 64 * wide;
  if (width <= kNarrowHead) {
    keys = 256;
  } else if (mla) {
    keys = 128;
  } else if (width <= 128) {
    keys = 128 * wide;
  }
  take_keys(tiling, keys, work, target.chip.tensor_gpu());
  return tiling;
}

// All warps of a block with mma.sync work in step on rows of their own; as many blocks an SM as its
// registers and shared memory hold.
AttentionTiling mma_tile(std::int64_t rows, std::int64_t keys, std::int64_t warps,
                         const AttentionWork& work, const Target& target) {
  const TensorGpu& gpu = target.chip.tensor_gpu();
  constexpr std::int64_t kWarpThreads = 32;
  AttentionTiling tiling;
  tiling.group_rows = rows;
  tiling.stages = 1;
  tiling.key_reads = static_cast<double>(warps);
  tiling.persistent = false;
  tiling.longest_first = false;
  tiling.overlapped = false;
  tiling.gathered = work.cached && target.variants.attention().page() > 0;
  tiling.look_ups = kDescriptorReads;
  take_keys(tiling, keys, work, gpu);
  const double memory = static_cast<double>(bytes_of_queries(tiling, work) +
                                            tiling.keys * bytes_of_keys(tiling, work));
  const double registers =
      static_cast<double>(warps * kWarpThreads * kMostRegisters) * sizeof(float);
  tiling.blocks = std::max<std::int64_t>(
      1, std::llround(
             std::floor(std::min(gpu.shared_memory() / memory, gpu.registers() / registers))));
  return tiling;
}

// FA3 with mma.sync (tile_size_fwd_sm8x). Only its splitting kernel is persistent.
AttentionTiling flash_attention_3_mma(const AttentionWork& work, const Target& target, bool split) {
  const bool small = target.chip.tensor_gpu().shared_memory() <= kSmallMemory;
  const std::int64_t width = std::max(work.key_width, work.value_width);
  std::int64_t keys = 0;
  std::int64_t warps = 2 * kWarps;
  if (width <= 64) {
    keys = split ? 80 : 112;
    warps = kWarps;
  } else if (width <= 96) {
    keys = split ? 48 : 64;
    warps = kWarps;
  } else if (width <= 128) {
    keys = split ? 112 : small ? 128 : 64;
    warps = small || split ? 2 * kWarps : kWarps;
  } else if (width <= 192) {
    keys = split || work.cached ? 64 : 96;
  } else {
    keys = (small ? 32 : 64) + (split ? 0 : small ? 16 : 32);
  }
  AttentionTiling tiling = mma_tile(2 * kWarpgroupRows, keys, warps, work, target);
  tiling.persistent = tiling.longest_first = split;
  tiling.look_ups = split ? kScheduledReads : kDescriptorReads;
  return tiling;
}

// FA2's splitting kernel, which paged caches need, split or not.
AttentionTiling flash_attention_2(const AttentionWork& work, const Target& target) {
  const std::int64_t width = std::max(work.key_width, work.value_width);
  const std::int64_t keys = width <= 64 ? 256 : width <= 128 ? 128 : 64;
  return mma_tile(kWarpgroupRows, keys, kWarps, work, target);
}

// Absorbed MLA without wgmma: TensorRT-LLM's tile of 576/512, its sums over eight warps.
AttentionTiling latent_tile(const AttentionWork& work, const Target& target) {
  return mma_tile(kWarpgroupRows, 64, 2 * kWarps, work, target);
}

}  // namespace

AttentionVariant variant_of(const AttentionWork& work, const Target& target) {
  const AttentionVariant prefill = target.variants.mla_prefill();
  return work.cached || prefill == ATTENTION_VARIANT_UNSPECIFIED
             ? target.variants.attention().variant()
             : prefill;
}

AttentionTiling library_tile(const AttentionWork& work, const Target& target, bool split) {
  const bool mma = target.chip.tensor_gpu().matrix_instruction() == MATRIX_INSTRUCTION_MMA_SYNC;
  const AttentionVariant variant = variant_of(work, target);
  if (is_latent(work)) {
    return latent_tile(work, target);
  }
  if (variant == ATTENTION_VARIANT_FLASH_ATTENTION_2) {
    return flash_attention_2(work, target);
  }
  if (mma) {
    return flash_attention_3_mma(work, target, split);
  }
  return variant == ATTENTION_VARIANT_FMHA_V2 ? fmha_tile(work, target)
                                              : warpgroup_tile(work, target);
}

}  // namespace reticle::kernels::tensor_gpu
