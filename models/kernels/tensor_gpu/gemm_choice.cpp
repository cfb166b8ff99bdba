#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "models/kernels/tensor_gpu/gemm_tiling.h"
#include "schema/dtype.h"
#include "sim/compute/units.h"

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;

namespace {

// What DeepGEMM minimises, in order: waves, then SMs idle in the last one, then width.
std::tuple<std::int64_t, std::int64_t, std::int64_t> waves_of(const GemmTiling& tiling,
                                                              const GemmWork& work,
                                                              std::int64_t sms) {
  std::int64_t tiles = 0;
  for (const std::int64_t rows : work.rows) {
    tiles += ceil_div(rows, tiling.m) * ceil_div(work.n, tiling.n);
  }
  const std::int64_t waves = ceil_div(tiles, sms);
  return {waves, waves * sms - tiles, tiling.n};
}

std::vector<GemmTiling> fewest_waves(const std::vector<GemmTiling>& candidates,
                                     const GemmWork& work, std::int64_t sms) {
  constexpr std::int64_t kLowRows = 64;
  const bool low = *std::max_element(work.rows.begin(), work.rows.end()) <= kLowRows;
  std::vector<GemmTiling> best;
  for (const GemmTiling& tiling : candidates) {
    if ((tiling.m == kLowRows) != low) {
      continue;
    }
    if (!best.empty() && waves_of(tiling, work, sms) < waves_of(best.front(), work, sms)) {
      best.clear();
    }
    if (best.empty() || waves_of(tiling, work, sms) == waves_of(best.front(), work, sms)) {
      best.push_back(tiling);
    }
  }
  return best.empty() ? candidates : best;  // a library without tiles of that height
}

}  // namespace

GemmWork as_tiled(const GemmTiling& tiling, const GemmWork& work) {
  GemmWork tiled = work;
  if (tiling.swapped) {
    tiled.n = work.rows.front();
    tiled.rows.assign(work.rows.size(), work.n);
  }
  return tiled;
}

namespace {

// Adds the candidates of the transposed work, where all groups are alike and scales, if any, are
// one a row and column.
void add_transposed(std::vector<GemmTiling>& candidates, const GemmWork& work,
                    const Target& target) {
  const std::int64_t rows = work.rows.front();
  const bool alike = std::all_of(work.rows.begin(), work.rows.end(),
                                 [rows](std::int64_t other) { return other == rows; });
  if (!alike || work.dtype == DTYPE_FP8_BLOCK || has_micro_scales(work.dtype)) {
    return;
  }
  GemmTiling swapped;
  swapped.swapped = true;
  for (GemmTiling tiling : gemm_candidates(as_tiled(swapped, work), target)) {
    tiling.swapped = true;
    candidates.push_back(tiling);
  }
}

}  // namespace

GemmTiling choose_gemm_tiling(const GemmWork& work, const Target& target) {
  std::vector<GemmTiling> candidates = gemm_candidates(work, target);
  add_transposed(candidates, work, target);
  if (promotes(work, target)) {
    candidates = fewest_waves(candidates, work, target.cores.matrix());
  }
  if (candidates.empty()) {
    throw std::logic_error("no GEMM tile fits this SM");
  }
  const auto cost = [&](const GemmTiling& tiling) {
    return gemm_cost(tiling, as_tiled(tiling, work), target);
  };
  std::size_t best = 0;
  double best_cost = cost(candidates[0]);
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    const double other = cost(candidates[i]);
    if (other < best_cost) {
      best = i;
      best_cost = other;
    }
  }
  return candidates[best];
}

}  // namespace reticle::kernels::tensor_gpu
