#include <algorithm>
#include <stdexcept>
#include <utility>

#include "models/kernels/tensor_gpu/gemm_tiling.h"
#include "schema/dtype.h"
#include "sim/compute/units.h"

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;

namespace {

// What DeepGEMM minimises first: waves, then SMs idle in the last one.
std::pair<std::int64_t, std::int64_t> waves_of(const GemmTiling& tiling, const GemmWork& work,
                                               std::int64_t sms) {
  std::int64_t tiles = 0;
  for (const std::int64_t rows : work.rows) {
    tiles += ceil_div(rows, tiling.m) * ceil_div(work.n, tiling.n);
  }
  const std::int64_t waves = ceil_div(tiles, sms);
  return {waves, waves * sms - tiles};
}

std::int64_t most_rows(const GemmWork& work) {
  return *std::max_element(work.rows.begin(), work.rows.end());
}

bool preferred(const GemmTiling& tiling, const GemmTiling& best, const GemmWork& work,
               std::int64_t sms) {
  const auto waves = waves_of(tiling, work, sms);
  const auto least = waves_of(best, work, sms);
  if (waves != least) {
    return waves < least;
  }
  if (tiling.m == best.m || tiling.n == best.n) {
    return tiling.m < best.m || tiling.n < best.n;
  }
  return tiling.n > best.n && tiling.n <= work.n && tiling.m <= most_rows(work);
}

// DeepGEMM's tile, in each of its clusters. Candidates come lowest first, then narrowest.
std::vector<GemmTiling> fewest_waves(const std::vector<GemmTiling>& candidates,
                                     const GemmWork& work, const GemmLibrary& library,
                                     std::int64_t sms) {
  const std::int64_t lowest = library.heights.front();
  const bool divided = library.low_rows > 0 && library.heights.size() > 1;
  const bool low = most_rows(work) <= library.low_rows;
  std::vector<GemmTiling> best;
  for (const GemmTiling& tiling : candidates) {
    if (divided && (tiling.m == lowest) != low) {
      continue;
    }
    const bool same = !best.empty() && tiling.m == best.front().m && tiling.n == best.front().n;
    if (!same && (best.empty() || preferred(tiling, best.front(), work, sms))) {
      best.clear();
    }
    if (same || best.empty()) {
      best.push_back(tiling);
    }
  }
  return best;
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
                    const GemmLibrary& library, const Target& target) {
  const std::int64_t rows = work.rows.front();
  const bool alike = std::all_of(work.rows.begin(), work.rows.end(),
                                 [rows](std::int64_t other) { return other == rows; });
  if (!library.transposed || !alike || work.dtype == DTYPE_FP8_BLOCK ||
      has_micro_scales(work.dtype)) {
    return;
  }
  GemmTiling swapped;
  swapped.swapped = true;
  for (GemmTiling tiling : gemm_candidates(as_tiled(swapped, work), library, target)) {
    tiling.swapped = true;
    candidates.push_back(tiling);
  }
}

}  // namespace

GemmTiling choose_gemm_tiling(const GemmWork& work, const Target& target) {
  const GemmLibrary library = gemm_library(work, target);
  std::vector<GemmTiling> candidates = gemm_candidates(work, library, target);
  add_transposed(candidates, work, library, target);
  if (promotes(work, target)) {
    candidates = fewest_waves(candidates, work, library, target.cores.matrix());
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
