#include <algorithm>

#include "models/kernels/numbers.h"
#include "models/kernels/program_builder.h"
#include "models/kernels/tensor_gpu/combine.h"
#include "models/kernels/tensor_gpu/gemm_tiling.h"
#include "models/kernels/tensor_gpu/gemm_writer.h"
#include "models/kernels/tensor_gpu/programs.h"
#include "models/kernels/tensor_gpu/raster.h"
#include "schema/dtype.h"
#include "schema/errors.h"
#include "sim/compute/units.h"

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;

namespace {

// Scales that change along k cannot wait for the epilogue, and an SM has no vector cores elsewhere.
void check_dequant(const GemmWork& gemm, const Target& target) {
  if (gemm.dtype == DTYPE_FP8_BLOCK && !promotes(gemm, target) &&
      !scales_in_tensor_core(gemm, target)) {
    throw UsageError("tensor_gpu: fp8_block needs kernels.gemm_dequant: promotion");
  }
}

// After the tiles, every SM (of `sms`, the first of which are written) sums its share of the row
// pieces of all of them.
void combine(std::vector<GemmWriter>& writers, const std::vector<GemmCluster>& clusters,
             std::int64_t splits, std::size_t sms) {
  std::int64_t pieces = 0;
  for (const GemmCluster& cluster : clusters) {
    pieces += ceil_div(cluster.tiles[0].rows, kCombineRows);
  }
  std::size_t next = 0;
  for (const GemmCluster& cluster : clusters) {
    const GemmTile& tile = cluster.tiles[0];
    for (std::int64_t row = 0; row < tile.rows; row += kCombineRows) {
      const std::size_t sm = next++ % sms;
      if (sm < writers.size()) {
        writers[sm].combine(tile, row, pieces * splits);
      }
    }
  }
}

// Clusters of the first waves.
std::int64_t within(std::int64_t all, double waves_a_cluster, std::int64_t waves) {
  const double most = static_cast<double>(waves) / waves_a_cluster;
  return waves == 0 || most > static_cast<double>(all)
             ? all
             : std::max<std::int64_t>(1, static_cast<std::int64_t>(most));
}

// What a sketch stands for: SM 0 takes every `slots`-th unit.
void describe_sketch(compute::TileProgram& program, const GemmTiling& tiling, const GemmWork& work,
                     const Target& target, std::int64_t laid_out) {
  const std::int64_t slots = target.cores.matrix() / tiling.cluster();
  const std::int64_t units = clusters(tiling, work) * tiling.splits;
  std::int64_t tiles = 0;
  for (const std::int64_t rows : work.rows) {
    tiles += ceil_div(rows, tiling.m) * ceil_div(work.n, tiling.n) * tiling.splits;
  }
  program.parts = static_cast<double>(tiles) /
                  static_cast<double>(std::max<std::int64_t>(1, ceil_div(laid_out, slots)));
  program.sharers = static_cast<double>(std::min(slots, units)) * static_cast<double>(tiles) /
                    static_cast<double>(units);  // a cluster may lack a tile
  program.fetches = gemm_fetches(tiling, work, target);
}

// Tiles, or their splits, by SM: units (of a cluster's SMs) go round the `slots` of the chip. A
// sketch has SM 0 alone.
std::vector<std::vector<GemmShare>> deal(const std::vector<GemmCluster>& order,
                                         const GemmTiling& tiling, std::int64_t slots,
                                         bool sketch) {
  const std::int64_t members = sketch ? 1 : tiling.cluster();
  std::vector<std::vector<GemmShare>> dealt(static_cast<std::size_t>(sketch ? 1 : slots * members));
  const std::int64_t units = static_cast<std::int64_t>(order.size()) * tiling.splits;
  for (std::int64_t unit = 0; unit < units; unit += sketch ? slots : 1) {
    const GemmCluster& cluster = order[static_cast<std::size_t>(unit / tiling.splits)];
    for (std::int64_t member = 0; member < members; ++member) {
      const GemmTile& tile = cluster.tiles[static_cast<std::size_t>(member)];
      if (tile.rows > 0) {
        dealt[static_cast<std::size_t>(unit % slots * members + member)].push_back(
            {&tile, unit % tiling.splits});
      }
    }
  }
  return dealt;
}

// An SM's tiles, as many at once as it holds blocks. Of a sketch, the lengths before the last ones.
void write_tiles(GemmWriter& writer, const std::vector<GemmShare>& mine, std::int64_t resident,
                 bool sketch, compute::TileProgram& program) {
  for (auto next = mine.begin(); next != mine.end();) {
    const auto end = mine.end() - next > resident ? next + resident : mine.end();
    if (sketch) {
      program.before_last = {queue_lengths(writer.program())};
      program.last_tiles = end - next;
      program.tiles += end - next;
    }
    writer.blocks({next, end});
    next = end;
  }
}

}  // namespace

compute::TileProgram gemm_program(const Work& work, const Target& target) {
  check_dequant(*work.gemm, target);
  const GemmTiling tiling = choose_gemm_tiling(*work.gemm, target);
  const GemmWork gemm = as_tiled(tiling, *work.gemm);
  const std::int64_t all = clusters(tiling, gemm);
  const std::int64_t slots = target.cores.matrix() / tiling.cluster();
  const double waves_a_cluster = static_cast<double>(tiling.splits) / static_cast<double>(slots);
  compute::TileProgram program;
  program.waves = static_cast<double>(all) * waves_a_cluster;
  program.matrix_dtype = matrix_dtype(gemm.dtype);
  program.variant = tiling.text();
  const std::int64_t waves = target.wave_limit * (target.sketch ? tiling.resident : 1);
  const std::vector<GemmCluster> order =
      raster(tiling, gemm, target.cores.matrix(), within(all, waves_a_cluster, waves));
  const std::vector<std::vector<GemmShare>> dealt = deal(order, tiling, slots, target.sketch);
  std::vector<GemmWriter> writers;
  writers.reserve(dealt.size());
  for (const std::vector<GemmShare>& mine : dealt) {
    writers.emplace_back(narrow(static_cast<std::int64_t>(writers.size())), tiling, gemm, target);
    write_tiles(writers.back(), mine, tiling.resident, target.sketch, program);
    if (static_cast<std::int64_t>(order.size()) == all && !mine.empty()) {
      writers.back().end_list();
    }
  }
  if (tiling.splits > 1) {
    combine(writers, order, tiling.splits, static_cast<std::size_t>(slots * tiling.cluster()));
    program.shared_flags = 1;
  }
  if (target.sketch) {
    describe_sketch(program, tiling, gemm, target,
                    static_cast<std::int64_t>(order.size()) * tiling.splits);
  }
  for (GemmWriter& writer : writers) {
    if (!writer.empty()) {
      program.cores.push_back(writer.take());
    }
  }
  return program;
}

}  // namespace reticle::kernels::tensor_gpu
