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
  if (100 * tasks >= kBusyEnough * sms || blocks <= kShortContext) {
    return 1;
  }
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

}  // namespace

std::int64_t choose_splits(const AttentionTiling& tiling, const AttentionWork& work,
                           std::int64_t sms) {
  const std::int64_t row_blocks = ceil_div(unit_rows(tiling, work), tiling.rows());
  const std::int64_t blocks = ceil_div(work.kv_len, tiling.keys);
  const std::int64_t all = units(tiling, work) * row_blocks;
  if (tiling.two_blocks) {
    return static_splits(all, blocks, 2 * sms);
  }
  if (!tiling.gathered || work.sequences > kMostDynamic) {
    return static_splits(all, blocks, sms);
  }
  const std::int64_t most = static_splits(all / work.sequences, blocks, sms);
  const std::int64_t even = std::max<std::int64_t>(1, ceil_div(kMargin * all * blocks, 100 * sms));
  return std::clamp<std::int64_t>(ceil_div(blocks, even), 1, most);
}

}  // namespace reticle::kernels::tensor_gpu
