#pragma once

#include <cstdint>
#include <optional>

#include "models/kernels/work.h"
#include "schema/kernel.pb.h"

namespace reticle::kernels {

// Tile steps that are simulated one by one; more would take a second, and are cut at an error of
// under half a percent (docs/engine.md). A step is a 128 x 128 x 64 block of a GEMM or 16 KiB of
// vector traffic: a quarter of a million are a GEMM of 6,500 cubed.
constexpr std::int64_t kStepBudget = std::int64_t{1} << 18;

// A kernel too large to simulate step by step repeats itself: a GEMM wave after wave of tiles, MLA
// by sequence, a vector operator by row. Two shorter runs are simulated, the second of twice the
// first's length; their difference is the steady part, which is repeated `factor` times more.
struct Extrapolation {
  Work small;
  Work large;
  double factor = 0;
};

// Steps of the whole work.
std::int64_t tile_steps(const Work& work);

// How MLA or vector work beyond the budget is cut. Nothing for a GEMM (cut by waves, its tiling
// being that of the whole), for work within the budget, or for a single sequence or row.
std::optional<Extrapolation> extrapolation(const Work& work, std::int64_t step_budget);

// large + (large - small) * factor, in time, busy times, amounts and energies.
DemandVector extrapolate(const DemandVector& small, const DemandVector& large, double factor,
                         double operations);

}  // namespace reticle::kernels
