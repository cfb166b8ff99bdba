#include <algorithm>
#include <cmath>

#include "models/chips/family.h"
#include "models/kernels/davinci/core_units.h"
#include "models/kernels/davinci/programs.h"
#include "models/kernels/program_builder.h"
#include "sim/memory/tile_access.h"

namespace reticle::kernels::davinci {

namespace {

using chips::kMte2Vector;
using chips::kMte3;
using chips::kVector;

constexpr std::uint32_t kBuffers = 2;  // double buffering of input and output in UB

// Elements of work in `rows` rows, in vector instructions as long as they get.
engine::Cycles tile_cycles(const compute::VectorUnit& vector, const VectorWork& work,
                           std::int64_t rows, double share_of_row) {
  const auto simple = static_cast<std::int64_t>(
      std::ceil(work.element_passes * static_cast<double>(rows) * share_of_row));
  const auto special = static_cast<std::int64_t>(
      std::ceil(work.special_passes * static_cast<double>(rows) * share_of_row));
  return simple_cycles(vector, simple, 1) + special_cycles(vector, special, 1);
}

// How rows are cut so that double-buffered input and output fit in UB: several whole rows a tile
// (a core with several rows takes them in at least as many tiles as there are buffers, so that
// loads run beside arithmetic), or one row in several pieces.
struct Tiling {
  std::int64_t rows = 1;
  std::int64_t pieces = 1;
};

Tiling choose_tiling(const VectorWork& work, double ub, std::int64_t rows_a_core) {
  const double row = kBuffers * (work.read_bytes + work.write_bytes);
  if (row > ub) {
    return {1, static_cast<std::int64_t>(std::ceil(row / ub))};
  }
  const std::int64_t pipelined = compute::ceil_div(rows_a_core, kBuffers);
  return {std::min(pipelined, static_cast<std::int64_t>(ub / row)), 1};
}

class CoreWriter {
 public:
  CoreWriter(std::uint32_t core, const VectorWork& work, const compute::VectorUnit& vector)
      : work_(work), vector_(vector), in_(flags_, kBuffers, 1), out_(flags_, kBuffers, 1) {
    program_.core = core;
    program_.queues.resize(chips::kVectorQueues);
  }

  void tile(std::uint64_t number, std::int64_t rows, double share_of_row) {
    const double part = static_cast<double>(rows) * share_of_row;
    compute::Instruction load;
    load.waits[0] = in_.may_fill();
    load.raises[0] = in_.raise_full();
    load.bytes = static_cast<std::uint32_t>(std::ceil(work_.read_bytes * part));
    load.key = memory::tile_key(0, number);
    in_.filled();
    compute::Instruction compute;
    compute.waits = {in_.may_drain(), out_.may_fill()};
    compute.raises = {in_.raise_empty(), out_.raise_full()};
    compute.cycles = static_cast<std::uint32_t>(tile_cycles(vector_, work_, rows, share_of_row));
    compute.uses[0] = {RESOURCE_VECTOR, compute.cycles};
    compute.operations =
        static_cast<std::uint32_t>((work_.element_passes + work_.special_passes) * part);
    compute.local_bytes =
        static_cast<std::uint32_t>(2 * (work_.read_bytes + work_.write_bytes) * part);
    in_.drained();
    out_.filled();
    compute::Instruction store;
    store.waits[0] = out_.may_drain();
    store.raises[0] = out_.raise_empty();
    store.bytes = static_cast<std::uint32_t>(std::ceil(work_.write_bytes * part));
    store.key = memory::tile_key(1, number);
    out_.drained();
    program_.queues[kMte2Vector].push_back(load);
    program_.queues[kVector].push_back(compute);
    program_.queues[kMte3].push_back(store);
  }

  compute::CoreProgram take() { return std::move(program_); }

 private:
  const VectorWork& work_;
  const compute::VectorUnit& vector_;
  FlagCounter flags_;
  Ring in_;
  Ring out_;
  compute::CoreProgram program_;
};

}  // namespace

compute::TileProgram vector_program(const Work& work, const Target& target) {
  const Davinci& core = target.chip.davinci();
  const VectorWork& rows = *work.vector;
  const compute::VectorUnit vector = vector_unit(core);
  const std::int64_t cores = std::min<std::int64_t>(target.cores.vector(), rows.rows);
  const Tiling tiling = choose_tiling(rows, core.ub(), (rows.rows + cores - 1) / cores);
  compute::TileProgram program;
  std::uint64_t number = 0;
  program.sharers = static_cast<double>(cores);
  program.parts = target.sketch ? static_cast<double>(rows.rows) /
                                      static_cast<double>(compute::ceil_div(rows.rows, cores))
                                : 1;
  for (std::int64_t c = 0; c < (target.sketch ? 1 : cores); ++c) {
    CoreWriter writer(core.cube_cores() + static_cast<std::uint32_t>(c), rows, vector);
    const auto [begin, end] = share(rows.rows, cores, c);
    for (std::int64_t row = begin; row < end; row += tiling.rows) {
      const std::int64_t count = std::min(tiling.rows, end - row);
      for (std::int64_t piece = 0; piece < tiling.pieces; ++piece) {
        writer.tile(number++, count, 1.0 / static_cast<double>(tiling.pieces));
      }
    }
    program.cores.push_back(writer.take());
  }
  program.variant = std::to_string(tiling.rows) + " rows a tile, " + std::to_string(cores) + " AIV";
  return program;
}

}  // namespace reticle::kernels::davinci
