#include <algorithm>

#include "models/kernels/davinci/core_units.h"
#include "models/kernels/davinci/cube_writer.h"
#include "models/kernels/davinci/dequant.h"
#include "models/kernels/davinci/gemm_tiling.h"
#include "models/kernels/davinci/programs.h"
#include "models/kernels/program_builder.h"
#include "schema/dtype.h"
#include "schema/errors.h"
#include "sim/memory/tile_access.h"

namespace reticle::kernels::davinci {

using compute::ceil_div;
using memory::tile_key;

namespace {

enum GemmTensor : std::uint32_t { kA, kB, kC, kWorkspace };  // order of Work::tensors, then ours

constexpr std::uint32_t kLoadsPerBlock = 2;  // one of A, one of B

// What every core's writer shares.
struct Plan {
  const GemmWork& work;
  const Target& target;
  GemmTiling tiling;
  bool dequantise;
};

CubeWriter cube_writer(const Plan& plan, std::uint32_t core) {
  return {core,
          plan.target.chip.davinci(),
          cube_unit(plan.target.chip, plan.work.dtype),
          element_bytes(plan.work.dtype),
          {plan.tiling.l1_blocks, kLoadsPerBlock, plan.tiling.l0c_buffers}};
}

// The L0 steps of one L1 block of `depth`, from the front of the tile's K or further on.
void block_steps(CubeWriter& writer, const Plan& plan, const GemmTile& tile, std::int64_t begin,
                 std::int64_t depth) {
  for (std::int64_t done = 0; done < depth; done += plan.tiling.k) {
    const std::int64_t step = std::min(plan.tiling.k, depth - done);
    CubeWriter::Marks marks;
    marks.opens_slot = done == 0;
    marks.closes_slot = done + step == depth;
    marks.opens_tile = begin + done == 0;
    marks.closes_tile = begin + done + step == plan.work.k;
    writer.step({tile.rows, tile.columns, step}, marks);
  }
}

// Loads and multiplies all of K; the sums are left in L0C.
void accumulate(CubeWriter& writer, const Plan& plan, const GemmTile& tile) {
  const double bytes = element_bytes(plan.work.dtype);
  const std::int64_t blocks = ceil_div(plan.work.k, plan.tiling.l1_k);
  const std::int64_t columns = ceil_div(plan.work.n, plan.tiling.n);
  const std::int64_t b_panel = static_cast<std::int64_t>(tile.group) * columns + tile.column_block;
  for (std::int64_t block = 0; block < blocks; ++block) {
    const std::int64_t begin = block * plan.tiling.l1_k;
    const std::int64_t depth = std::min(plan.tiling.l1_k, plan.work.k - begin);
    writer.load(tile_key(kA, static_cast<std::uint64_t>(tile.row_block * blocks + block)),
                static_cast<double>(tile.rows * depth) * bytes, Layout::kRows);
    writer.load(tile_key(kB, static_cast<std::uint64_t>(b_panel * blocks + block)),
                static_cast<double>(tile.columns * depth) * bytes, layout_of_b(plan.work));
    writer.slot_filled();
    block_steps(writer, plan, tile, begin, depth);
  }
}

// Sums are added to what C holds where it is, in L2, on FixPipe's way out (atomic add); the lines
// are read for that as operands are.
void store_result(CubeWriter& writer, const Plan& plan, const GemmTile& tile,
                  std::uint64_t number) {
  const double bytes =
      static_cast<double>(tile.rows * tile.columns) * element_bytes(plan.work.out_dtype);
  if (plan.work.accumulate) {
    writer.load_sum(tile_key(kC, number), bytes);
  }
  writer.store(tile_key(kC, number), bytes);
}

std::string describe(const Plan& plan, std::size_t tiles) {
  const GemmTiling& tiling = plan.tiling;
  return "tile " + std::to_string(tiling.m) + "x" + std::to_string(tiling.n) + "x" +
         std::to_string(tiling.k) + ", L1 " + std::to_string(tiling.l1_blocks) + " blocks of " +
         std::to_string(tiling.l1_k) + ", L0C x" + std::to_string(tiling.l0c_buffers) + ", " +
         std::to_string(tiles) + " tiles" + (plan.dequantise ? ", dequant on AIV" : "");
}

}  // namespace

compute::TileProgram gemm_program(const Work& work, const Target& target) {
  const GemmWork& gemm = *work.gemm;
  compute::TileProgram program;
  cube_unit(target.chip, gemm.dtype);  // refuses types the chip cannot multiply
  if (*std::max_element(gemm.rows.begin(), gemm.rows.end()) == 0) {
    program.variant = "no rows";
    return program;
  }
  const bool dequantise = dequantises_on_vector_cores(gemm, target);
  if (dequantise && gemm.accumulate) {
    throw UsageError("davinci: gemm accumulate=true with gemm_dequant vector is not modelled");
  }
  if (dequantise && target.cores.vector() < target.cores.matrix()) {
    throw UsageError(
        "davinci: gemm_dequant vector needs a vector core a cube core, cores.vector is " +
        std::to_string(target.cores.vector()));
  }
  const Plan plan{gemm, target, choose_gemm_tiling(gemm, target), dequantise};
  const std::vector<GemmTile> tiles = gemm_tiles(gemm, target, plan.tiling);
  const auto cores =
      std::min<std::size_t>(static_cast<std::size_t>(target.cores.matrix()), tiles.size());
  program.waves = static_cast<double>(tiles.size()) / static_cast<double>(cores);
  const std::size_t end =
      target.wave_limit == 0
          ? tiles.size()
          : std::min(tiles.size(), static_cast<std::size_t>(target.wave_limit) * cores);
  program.sharers = static_cast<double>(cores);
  program.parts = target.sketch ? static_cast<double>(tiles.size()) /
                                      static_cast<double>((end + cores - 1) / cores)
                                : 1;
  for (std::size_t core = 0; core < (target.sketch ? 1 : cores); ++core) {
    CubeWriter writer = cube_writer(plan, static_cast<std::uint32_t>(core));
    DequantLink link(plan.work, target, static_cast<std::uint32_t>(core), kWorkspace, kC);
    for (std::size_t t = core; t < end; t += cores) {
      if (target.sketch) {
        ++program.tiles;
        program.before_last = {queue_lengths(writer.program())};
        if (plan.dequantise) {
          link.add_lengths(program.before_last);
        }
      }
      accumulate(writer, plan, tiles[t]);
      if (plan.dequantise) {
        link.hand_over(writer, tiles[t], t);
      } else {
        store_result(writer, plan, tiles[t], t);
      }
    }
    program.cores.push_back(writer.take());
    if (plan.dequantise) {
      link.append_to(program);
    }
  }
  program.variant = describe(plan, tiles.size());
  return program;
}

}  // namespace reticle::kernels::davinci
