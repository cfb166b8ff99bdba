#include "models/kernels/davinci/gemm_tiling.h"

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "models/chips/hbm_rate.h"
#include "models/kernels/davinci/core_units.h"
#include "models/kernels/numbers.h"
#include "schema/dtype.h"
#include "schema/errors.h"
#include "sim/compute/scratchpad.h"

namespace reticle::kernels::davinci {

using compute::ceil_div;
using compute::round_up;
using compute::Scratchpad;

namespace {

constexpr std::int64_t kHalves = 2;      // L0A, L0B and L1 are double-buffered
constexpr double kAccumulatorBytes = 4;  // FP32 or int32
constexpr std::int64_t kMaxStep = 8;     // L0 steps deeper than this many lines gain nothing
constexpr std::int64_t kEventIds = 8;    // set_flag/wait_flag events a pair of queues has
constexpr std::int64_t kAhead = 4;  // L1 blocks with which MTE2 runs on while FixPipe drains L0C
constexpr std::int64_t kLineParts = 2;  // a block may be this part of a line deep to have as many

// Deepest L0 step whose operands fit half of L0A and L0B; 0 if none does. Steps are a line of
// global memory (the interleave unit), doubled or halved.
std::int64_t l0_depth(const GemmTiling& tiling, const GemmWork& work, const Davinci& core,
                      std::int64_t line, std::int64_t fractal) {
  const double bytes = element_bytes(work.dtype);
  for (std::int64_t depth = line * kMaxStep; depth >= fractal; depth /= 2) {
    const Scratchpad l0a("L0A", core.l0a());
    const Scratchpad l0b("L0B", core.l0b());
    if (l0a.fits(kHalves * real(tiling.m * depth) * bytes) &&
        l0b.fits(kHalves * real(tiling.n * depth) * bytes)) {
      return depth;
    }
  }
  return 0;
}

// Fills in depths and buffers of a tile m x n; false if it does not fit.
bool fit(GemmTiling& tiling, const GemmWork& work, const Chip& chip, std::int64_t fractal) {
  const Davinci& core = chip.davinci();
  const double bytes = element_bytes(work.dtype);
  const Scratchpad l0c("L0C", core.l0c());
  const Scratchpad l1("L1", core.l1());
  const double sums = real(tiling.m * tiling.n) * kAccumulatorBytes;
  if (!l0c.fits(sums)) {
    return false;
  }
  tiling.l0c_buffers = l0c.fits(2 * sums) ? 2 : 1;
  const std::int64_t line =
      std::max(fractal, static_cast<std::int64_t>(chip.hbm().interleave() / bytes));
  tiling.k = l0_depth(tiling, work, core, line, fractal);
  if (tiling.k == 0) {
    return false;
  }
  const std::int64_t deepest = round_up(work.k, fractal);
  tiling.l1_k = std::min(std::max(line, tiling.k), deepest);
  tiling.k = std::min(tiling.k, deepest);
  const auto block = [&] { return real((tiling.m + tiling.n) * tiling.l1_k) * bytes; };
  while (!l1.fits(kHalves * block()) && tiling.l1_k >= 2 * tiling.k) {
    tiling.l1_k /= 2;
  }
  const bool whole_fractals = layout_of_b(work) == Layout::kFractals;  // of 512 B at any depth
  while (whole_fractals && !l1.fits(kAhead * block()) && tiling.l1_k >= 2 * tiling.k &&
         tiling.l1_k * kLineParts > line) {
    tiling.l1_k /= 2;
  }
  tiling.l1_blocks =
      static_cast<std::uint32_t>(std::min<double>(kEventIds, l1.capacity() / block()));
  return tiling.l1_blocks >= kHalves;
}

std::int64_t row_blocks(const GemmWork& work, std::int64_t m) {
  std::int64_t blocks = 0;
  for (const std::int64_t rows : work.rows) {
    blocks += ceil_div(rows, m);
  }
  return blocks;
}

double hbm_bytes_per_clk(const Target& target) {
  return chips::hbm_rate(target.chip.hbm()) / target.clock_hz;
}

// Cycles one full tile occupies a core, and the bytes it loads.
struct TileCost {
  double cycles = 0;
  double load_bytes = 0;
};

TileCost tile_cost(const GemmWork& work, const Target& target, const GemmTiling& tiling,
                   std::int64_t rows, std::int64_t columns) {
  const Davinci& core = target.chip.davinci();
  const double bytes = element_bytes(work.dtype);
  const compute::MatrixUnit unit = cube_unit(target.chip, work.dtype);
  const std::int64_t steps = ceil_div(work.k, tiling.k);
  const double a = real(rows * work.k) * bytes;
  const double b = real(columns * work.k) * bytes;
  const double cube = real((steps - 1) * unit.head + unit.cycles(rows, columns, work.k));
  const double mte1 = a / core.mte1_a() + b / core.mte1_b();
  const double mte2 = a / load_rate(core, Layout::kRows) + b / load_rate(core, layout_of_b(work));
  const double fixpipe = real(rows * columns) * sum_bytes(work, target) / core.fixpipe() +
                         target.chip.l2().latency() * target.clock_hz;
  const bool runs_on = tiling.l1_blocks >= kAhead;
  const double compute = std::max({cube, mte1, runs_on ? 0 : mte2});
  // With one accumulator tile, UnitFlag hides FixPipe behind the last and the next first
  // instruction; MTE2 runs on into L1 where there are blocks for it.
  const double hidden = 2 * real(unit.cycles(rows, columns, tiling.k));
  const double tile = tiling.l0c_buffers > 1 ? std::max(compute, fixpipe)
                                             : compute + std::max(0.0, fixpipe - hidden);
  return {std::max(tile, mte2), a + b};
}

// Bands: row blocks whose A panels (or column blocks whose B panels) fit in half of L2.
std::int64_t band(double panel, std::int64_t blocks, const Chip& chip) {
  const auto fits = static_cast<std::int64_t>(chip.l2().capacity() / 2 / panel);
  return std::max<std::int64_t>(1, std::min(blocks, fits));
}

// Tiles of one group, with rows in bands or columns in bands, whichever reads less from HBM.
struct GroupOrder {
  std::int64_t rows;
  std::int64_t columns;
  std::int64_t row_band;
  std::int64_t column_band;
  bool by_rows;
};

GroupOrder order_of(std::int64_t rows, const GemmWork& work, const Target& target,
                    const GemmTiling& tiling) {
  const double bytes = element_bytes(work.dtype);
  GroupOrder order{};
  order.rows = ceil_div(rows, tiling.m);
  order.columns = ceil_div(work.n, tiling.n);
  order.row_band = band(real(tiling.m * work.k) * bytes, order.rows, target.chip);
  order.column_band = band(real(tiling.n * work.k) * bytes, order.columns, target.chip);
  const double b_again = real(work.n * ceil_div(order.rows, order.row_band));
  const double a_again = real(rows * ceil_div(order.columns, order.column_band));
  order.by_rows = real(rows) + b_again <= real(work.n) + a_again;
  return order;
}

// Calls visit(row, column) for every block: bands of `outer`, across all of `inner`.
template <class Visit>
void walk(std::int64_t outer, std::int64_t inner, std::int64_t band, const Visit& visit) {
  for (std::int64_t begin = 0; begin < outer; begin += band) {
    for (std::int64_t i = 0; i < inner; ++i) {
      for (std::int64_t o = begin; o < std::min(outer, begin + band); ++o) {
        visit(o, i);
      }
    }
  }
}

}  // namespace

Layout layout_of_b(const GemmWork& work) {
  return is_quantized(work.dtype) ? Layout::kFractals : Layout::kRows;
}

bool dequantises_on_vector_cores(const GemmWork& work, const Target& target) {
  if (!is_quantized(work.dtype)) {
    return false;
  }
  switch (target.variants.gemm_dequant()) {
    case DEQUANT_VECTOR:
      return true;
    case DEQUANT_EPILOGUE:
      return false;
    default:
      throw UsageError(
          "davinci: software kernels.gemm_dequant must be epilogue or vector on this family");
  }
}

double sum_bytes(const GemmWork& work, const Target& target) {
  return dequantises_on_vector_cores(work, target) ? kAccumulatorBytes
                                                   : element_bytes(work.out_dtype);
}

double estimate_gemm_cycles(const GemmWork& work, const Target& target, const GemmTiling& tiling) {
  const Chip& chip = target.chip;
  const std::int64_t rows = *std::max_element(work.rows.begin(), work.rows.end());
  const std::int64_t blocks = row_blocks(work, tiling.m);
  const std::int64_t tiles = blocks * ceil_div(work.n, tiling.n);
  const TileCost tile =
      tile_cost(work, target, tiling, std::min(rows, tiling.m), std::min(work.n, tiling.n));
  double used_rows = 0;
  double used_groups = 0;
  for (const std::int64_t r : work.rows) {
    used_rows += real(r);
    used_groups += r > 0 ? 1 : 0;
  }
  const double compulsory =
      (used_rows + used_groups * real(work.n)) * real(work.k) * element_bytes(work.dtype);
  const double hbm = compulsory / hbm_bytes_per_clk(target) / real(tiles);
  const double l2 = tile.load_bytes / chip.l2().read_bandwidth();
  const auto wave = [&](std::int64_t count) {
    return std::max(tile.cycles, real(count) * std::max(hbm, l2));
  };
  const std::int64_t cores = target.cores.matrix();
  const std::int64_t rest = tiles % cores;
  const double first_block = real((tiling.m + tiling.n) * tiling.l1_k) * element_bytes(work.dtype) /
                             load_rate(chip.davinci(), Layout::kRows);
  const double last_store =
      real(tiling.m * tiling.n) * sum_bytes(work, target) / chip.davinci().fixpipe();
  return real(tiles / cores) * wave(cores) + (rest > 0 ? wave(rest) : 0) + first_block +
         last_store + chip.hbm().latency() * target.clock_hz;
}

GemmTiling choose_gemm_tiling(const GemmWork& work, const Target& target) {
  const compute::MatrixUnit unit = cube_unit(target.chip, work.dtype);
  const std::int64_t most_rows =
      round_up(*std::max_element(work.rows.begin(), work.rows.end()), unit.m);
  const std::int64_t most_columns = round_up(work.n, unit.n);
  const auto l0c = static_cast<std::int64_t>(target.chip.davinci().l0c() / kAccumulatorBytes);
  GemmTiling best;
  std::tuple<double, double> least;
  for (std::int64_t m = unit.m; m <= most_rows && m * unit.n <= l0c; m += unit.m) {
    for (std::int64_t n = unit.n; n <= most_columns && m * n <= l0c; n += unit.n) {
      GemmTiling tiling{m, n};
      if (!fit(tiling, work, target.chip, unit.k)) {
        continue;
      }
      // Ties (a kernel bound by HBM) go to the tile that moves least through L2.
      const double traffic = 1 / real(m) + 1 / real(n);
      const std::tuple<double, double> cost{estimate_gemm_cycles(work, target, tiling), traffic};
      if (best.m == 0 || cost < least) {
        best = tiling;
        least = cost;
      }
    }
  }
  if (best.m == 0) {
    throw UsageError("davinci: no GEMM tile fits L0 and L1");
  }
  return best;
}

std::vector<GemmTile> gemm_tiles(const GemmWork& work, const Target& target,
                                 const GemmTiling& tiling) {
  std::vector<GemmTile> tiles;
  std::int64_t first_row_block = 0;
  for (std::size_t group = 0; group < work.rows.size(); ++group) {
    const std::int64_t rows = work.rows[group];
    const GroupOrder order = order_of(rows, work, target, tiling);
    const auto add = [&](std::int64_t row, std::int64_t column) {
      tiles.push_back({group, first_row_block + row, column,
                       std::min(tiling.m, rows - row * tiling.m),
                       std::min(tiling.n, work.n - column * tiling.n)});
    };
    if (order.by_rows) {
      walk(order.rows, order.columns, order.row_band, add);
    } else {
      walk(order.columns, order.rows, order.column_band,
           [&](std::int64_t column, std::int64_t row) { add(row, column); });
    }
    first_row_block += order.rows;
  }
  return tiles;
}

}  // namespace reticle::kernels::davinci
