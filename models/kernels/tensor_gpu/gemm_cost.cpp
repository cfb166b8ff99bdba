#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/chips/family.h"
#include "models/kernels/tensor_gpu/gemm_tiling.h"
#include "schema/dtype.h"
#include "sim/compute/units.h"

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;

namespace {

// Sums over all groups with rows.
struct Totals {
  double tiles = 0;
  double units = 0;   // clusters of tiles
  double loaded = 0;  // bytes L2 to SMs
  double stored = 0;  // bytes SMs to L2
  double unique = 0;  // bytes that HBM must move once
};

Totals totals(const GemmTiling& tiling, const GemmWork& work) {
  const double in = element_bytes(work.dtype);
  const double out = element_bytes(work.out_dtype);
  const auto n = static_cast<double>(work.n);
  const auto k = static_cast<double>(work.k);
  const std::int64_t blocks_n = ceil_div(work.n, tiling.n);
  Totals sum;
  for (const std::int64_t rows : work.rows) {
    const std::int64_t blocks_m = ceil_div(rows, tiling.m);
    const auto r = static_cast<double>(rows);
    const auto bm = static_cast<double>(blocks_m);
    const auto bn = static_cast<double>(blocks_n);
    sum.tiles += bm * bn;
    sum.units += static_cast<double>(ceil_div(blocks_m, tiling.blocks_m()) *
                                     ceil_div(blocks_n, tiling.blocks_n()));
    sum.loaded += r * k * in * bn / static_cast<double>(tiling.blocks_n()) +
                  n * k * in * bm / static_cast<double>(tiling.blocks_m());
    sum.stored += r * n * out;
    sum.loaded += work.accumulate ? r * n * out : 0;
    sum.unique += work.accumulate ? r * n * out : 0;
    sum.unique += r * k * in + (rows > 0 ? n * k * in : 0) + r * n * out;
  }
  return sum;
}

// Resources that are busy side by side: the longest decides, and two of a length wait for each
// other now and then. A smooth maximum, so that of tilings bound alike the one that leaves the
// others free is taken.
double together(std::initializer_list<double> cycles) {
  double sum = 0;
  for (const double busy : cycles) {
    sum += std::pow(busy, 4);
  }
  return std::pow(sum, 1.0 / 4);
}

std::int64_t largest(const std::vector<std::int64_t>& rows) {
  return *std::max_element(rows.begin(), rows.end());
}

// Cycles between two steps of a tile's main loop when data are there. A warpgroup that promotes
// waits for its own wgmma, adds, and only then starts the next; the others fill the gap.
double step_cycles(const GemmTiling& tiling, const GemmSteps& steps) {
  const auto all = static_cast<double>(tiling.warpgroups * steps.mma);
  if (steps.promotion == 0) {
    return all;
  }
  if (tiling.in_step) {
    return static_cast<double>(tiling.warpgroups * (steps.mma + steps.promotion) +
                               steps.promotion_wait);
  }
  const auto chain = static_cast<double>(steps.mma + steps.promotion + steps.promotion_wait);
  return std::max({all, chain, static_cast<double>(tiling.warpgroups * steps.promotion)});
}

// Cycles from the last step of a tile until the registers are free: pieces are converted one after
// another and stored meanwhile.
double epilogue_cycles(const GemmTiling& tiling, const GemmWork& work, const GemmSteps& steps,
                       const Target& target) {
  const TensorGpu& gpu = target.chip.tensor_gpu();
  const GemmPiece piece = gemm_piece(tiling, work);
  const double out = tiling.splits > 1 ? sizeof(float) : element_bytes(work.out_dtype);
  const double elements =
      static_cast<double>(std::min(tiling.m, largest(work.rows)) * std::min(tiling.n, work.n));
  const double pieces = elements / static_cast<double>(piece.rows * piece.columns);
  const double convert = static_cast<double>(std::max(steps.convert_fp32, steps.convert_smem));
  const double start = static_cast<double>(gpu.matrix_latency() + gpu.barrier());
  return start + std::max(pieces * convert, elements * out / gpu.l2_write());
}

// The second pass of a split GEMM: all thread blocks meet, then every SM sums its share of the FP32
// partial results.
double split_cycles(const GemmTiling& tiling, const Totals& sum, const Target& target) {
  if (tiling.splits == 1) {
    return 0;
  }
  const TensorGpu& gpu = target.chip.tensor_gpu();
  const auto sms = static_cast<double>(target.cores.matrix());
  const double elements = sum.tiles * static_cast<double>(tiling.m * tiling.n);
  const double moved = elements * static_cast<double>(tiling.splits) * sizeof(float);
  const double meet = (gpu.grid_sync() + 3 * target.chip.l2().latency()) * target.clock_hz;
  const double summed =
      std::max(moved / sms / gpu.l2_read(), moved / target.chip.l2().read_bandwidth());
  return meet + summed;
}

}  // namespace

double gemm_cost(const GemmTiling& tiling, const GemmWork& work, const Target& target) {
  const TensorGpu& gpu = target.chip.tensor_gpu();
  if (target.clock_hz <= 0) {
    throw std::logic_error("target without a clock");
  }
  const memory::HbmSpec hbm = chips::hbm_spec(target.chip);
  const double hbm_per_clk = hbm.channel_bandwidth * hbm.channels / target.clock_hz;
  const double latency =
      target.chip.hbm().latency() * target.clock_hz + static_cast<double>(gpu.tma_latency());
  const Totals sum = totals(tiling, work);
  const GemmSteps steps = gemm_steps(tiling, work, target, tiling.k);
  const auto all_steps = static_cast<double>(ceil_div(work.k, tiling.k));
  const double k_steps = std::ceil(all_steps / static_cast<double>(tiling.splits));
  const auto slots = static_cast<double>(target.cores.matrix() / tiling.cluster());
  const double waves = std::ceil(sum.units * static_cast<double>(tiling.splits) / slots);
  const double load = sum.loaded / std::max(1.0, sum.tiles) / all_steps / gpu.l2_read();
  const double epilogue = epilogue_cycles(tiling, work, steps, target);
  const auto step = [&](double multiply) {
    // A stage is filled, waited for and multiplied once in `stages` steps.
    const double cycle = (multiply + load + latency) / static_cast<double>(tiling.stages);
    return std::max({multiply, load, cycle});
  };
  double busy_sm = 0;
  double drain = static_cast<double>(gpu.barrier());
  if (persistent(gpu)) {
    const double fill = tiling.tile_by_tile ? latency : 0;
    const double main = fill + k_steps * step(step_cycles(tiling, steps));
    const double tile = tiling.ping_pong ? std::max(main, epilogue) : main + epilogue;
    busy_sm = waves * std::max(tile, static_cast<double>(group_change_cycles(work, target)));
    drain += tiling.ping_pong ? epilogue : 0;
  } else {
    // Blocks come and go in rounds of `resident`; the last round may have one alone.
    const auto together_cycles = static_cast<double>(tiling.resident);
    const double rounds = std::floor(waves / together_cycles);
    const double lone = waves - rounds * together_cycles;
    const double start = latency + gpu.block_start();
    const double multiply = step_cycles(tiling, steps);
    const auto gap = static_cast<double>(steps.gap);
    const double shared = k_steps * step(multiply + (tiling.resident > 1 ? 0 : gap)) + epilogue;
    busy_sm = rounds * (start + together_cycles * shared) +
              (lone > 0 ? start + k_steps * step(multiply + gap) + epilogue : 0);
  }
  const double busiest =
      together({busy_sm, sum.loaded / target.chip.l2().read_bandwidth(),
                sum.stored / target.chip.l2().write_bandwidth(), sum.unique / hbm_per_clk});
  return latency + busiest + drain + split_cycles(tiling, sum, target);
}

}  // namespace reticle::kernels::tensor_gpu
