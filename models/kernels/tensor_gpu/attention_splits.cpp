#include <algorithm>

#include "models/kernels/tensor_gpu/attention_tiling.h"
#include "sim/compute/units.h"

// The rules of FlashAttention-3's hopper/heuristics.h and flash_prepare_scheduler.cu (2025), and of
// FlashAttention-2's num_splits_heuristic. They are integers here: shares in percent.

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;

namespace {

constexpr std::int64_t kBusyEnough = 80;   // percent of SMs: then nothing is split
constexpr std::int64_t kShortContext = 4;  // blocks of keys: never split
constexpr std::int64_t kNearBest = 85;     // percent of the best use of SMs
constexpr std::int64_t kMargin = 110;      // percent of an even share
constexpr std::int64_t kMostSplits = 128;
constexpr std::int64_t kMostDynamic = 992;  // sequences: more are not scheduled ahead

// Share of SM slots that hold work, of `tasks` on `sms`, in millionths.
std::int64_t use(std::int64_t tasks, std::int64_t sms) {
  return 1000000 * tasks / (ceil_div(tasks, sms) * sms);
}

// Fewest splits that use the SMs about as well as any number of them.
std::int64_t static_splits(std::int64_t tasks, std::int64_t blocks, std::int64_t sms) {
  const std::int64_t most = std::min({kMostSplits, sms, blocks});
  std::int64_t best = 0;
  for (std::int64_t splits = 1; splits <= most; ++splits) {
    best = std::max(best, use(tasks * splits, sms));
  }
  std::int64_t splits = 1;
  while (100 * use(tasks * splits, sms) < kNearBest * best) {
    ++splits;
  }
  return splits;
}

std::int64_t row_blocks(const AttentionTiling& tiling, const AttentionWork& work) {
  return ceil_div(unit_rows(tiling, work), tiling.rows());
}

bool is_dynamic(const AttentionTiling& tiling, const AttentionWork& work) {
  return tiling.gathered && work.sequences <= kMostDynamic;
}

}  // namespace

std::int64_t most_splits(const AttentionTiling& tiling, const AttentionWork& work,
                         const Target& target) {
  const std::int64_t blocks = ceil_div(work.kv_len, tiling.keys);
  const std::int64_t all = units(tiling, work) * row_blocks(tiling, work);
  const std::int64_t sms = target.cores.matrix();
  if (variant_of(work, target) == ATTENTION_VARIANT_FLASH_ATTENTION_2) {
    // Only where one query's heads are packed; two thread blocks an SM are counted (vLLM's fork).
    constexpr std::int64_t kBlocks = 2;
    return tiling.packed && 100 * all < kBusyEnough * kBlocks * sms
               ? static_splits(all, blocks, kBlocks * sms)
               : 1;
  }
  // Of a batch that is scheduled ahead, one sequence might be the only long one.
  const std::int64_t tasks = is_dynamic(tiling, work) ? all / work.sequences : all;
  if (variant_of(work, target) == ATTENTION_VARIANT_FMHA_V2 || 100 * tasks >= kBusyEnough * sms ||
      blocks <= kShortContext) {
    return 1;
  }
  return static_splits(tasks, blocks, sms);
}

std::int64_t used_splits(const AttentionTiling& tiling, const AttentionWork& work,
                         const Target& target) {
  const bool chosen_ahead =
      variant_of(work, target) != ATTENTION_VARIANT_FLASH_ATTENTION_2 && is_dynamic(tiling, work);
  if (!chosen_ahead) {
    return tiling.most_splits;
  }
  const std::int64_t blocks = ceil_div(work.kv_len, tiling.keys);
  const std::int64_t all = units(tiling, work) * row_blocks(tiling, work);
  const std::int64_t even =
      std::max<std::int64_t>(1, ceil_div(kMargin * all * blocks, 100 * target.cores.matrix()));
  return std::clamp<std::int64_t>(ceil_div(blocks, even), 1, tiling.most_splits);
}

}  // namespace reticle::kernels::tensor_gpu
