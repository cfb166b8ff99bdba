#include "models/kernels/tensor_gpu/gemm_writer.h"

#include <algorithm>
#include <cmath>

#include "models/kernels/numbers.h"
#include "models/kernels/tensor_gpu/programs.h"
#include "schema/dtype.h"
#include "sim/memory/tile_access.h"

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;
using compute::Instruction;
using compute::round_up;

namespace {

enum TensorNumber : std::uint32_t { kA, kB, kC, kPartial };

constexpr std::int64_t kSector = 32;             // bytes: the least that L2 moves
constexpr std::uint32_t kAnyNumber = 1U << 30U;  // of slots: registers hold what is brought

// Bytes of `rows` rows of `elements`, in whole sectors.
std::int64_t sector_bytes(std::int64_t rows, std::int64_t elements, Dtype dtype) {
  const double row = static_cast<double>(elements) * element_bytes(dtype);
  return rows * round_up(static_cast<std::int64_t>(std::ceil(row)), kSector);
}

}  // namespace

GemmWriter::GemmWriter(std::uint32_t sm, const GemmTiling& tiling, const GemmWork& work,
                       const Target& target)
    : tiling_(tiling),
      work_(work),
      target_(target),
      gpu_(target.chip.tensor_gpu()),
      whole_(gemm_steps(tiling, work, target, tiling.k)),
      last_(gemm_steps(tiling, work, target, work.k - (steps() - 1) * tiling.k)),
      stage_(flags_, narrow(tiling.stages), 2),
      started_(flags_.next()),
      group_change_(group_change_cycles(work, target)),
      combiner_(flags_, gpu_, work.out_dtype) {
  program_.core = sm;
  program_.queues.resize(chips::kSmQueues);
  for (std::int64_t w = 0; w < tiling.warpgroups * tiling.resident; ++w) {
    accumulator_.emplace_back(flags_, tiling.ping_pong ? 2U : 1U, 1U);
    partial_.emplace_back(flags_, 1U, 1U);
    output_.emplace_back(flags_, narrow(gemm_piece(tiling, work).staged), 1U);
    sum_.emplace_back(flags_, kAnyNumber, 1U);
  }
}

void GemmWriter::blocks(const std::vector<GemmShare>& shares) {
  std::vector<Block> together;
  for (const GemmShare& one : shares) {
    const auto [first, end] = share(steps(), tiling_.splits, one.split);
    const auto warpgroup = static_cast<std::size_t>(tiling_.warpgroups) * together.size();
    together.push_back({one.tile, one.split, first, end, warpgroup});
  }
  start(together);
  change_group(shares.front().tile->group);
  const std::int64_t gap = together.size() > 1 ? 0 : whole_.gap;
  for (std::int64_t step = 0; step < steps(); ++step) {
    for (const Block& block : together) {
      if (block.first + step < block.end) {
        advance(block, block.first + step, gap);
      }
    }
  }
  for (const Block& block : together) {
    epilogue(block);
  }
}

void GemmWriter::combine(const GemmTile& tile, std::int64_t row, std::int64_t stored) {
  CombinePiece piece;
  piece.rows = std::min(kCombineRows, tile.rows - row);
  piece.width = tile.columns;
  for (std::int64_t split = 0; split < tiling_.splits; ++split) {
    piece.partials.push_back(partial_key(tile, split, row));
  }
  piece.output =
      memory::tile_key(kC, static_cast<std::uint64_t>((tile.c * tiling_.m + row) * tiling_.n));
  if (work_.accumulate) {  // what is there is one more part of the sum
    piece.partials.push_back(piece.output);
  }
  combiner_.add(piece, stored, program_);
}

void GemmWriter::start(const std::vector<Block>& together) {
  if ((persistent(gpu_) && !tiling_.tile_by_tile) || empty()) {
    return;
  }
  Instruction launch;
  std::size_t waits = 0;
  for (const Block& block : together) {
    launch.waits[waits++] = output_[block.warpgroup].all_drained();
    if (tiling_.warpgroups > 1) {
      launch.waits[waits++] = output_[block.warpgroup + 1].all_drained();
    }
  }
  launch.cycles = tiling_.tile_by_tile ? gpu_.barrier() : gpu_.block_start();
  launch.raises[0] = started_;
  program_.queues[chips::kCudaCores].push_back(launch);
  ++starts_;
}

void GemmWriter::change_group(std::int64_t group) {
  const bool first = group_ < 0;
  if (group != group_) {
    const std::int64_t from = first ? 0 : group_;
    rest(walk_cycles(group) - walk_cycles(from) + (first ? 0 : group_change_));
  }
  group_ = group;
}

void GemmWriter::end_list() {
  rest(walk_cycles(static_cast<std::int64_t>(work_.rows.size())) - walk_cycles(group_));
}

void GemmWriter::rest(std::int64_t cycles) {
  if (cycles > 0) {
    Instruction rest;
    rest.cycles = narrow(cycles);
    program_.queues[chips::kTma].push_back(rest);
  }
}

std::int64_t GemmWriter::walk_cycles(std::int64_t group) const {
  return group_walk_cycles(work_, target_, group);
}

void GemmWriter::advance(const Block& block, std::int64_t step, std::int64_t gap) {
  load(*block.tile, step);
  const auto warpgroups = static_cast<std::size_t>(tiling_.warpgroups);
  for (std::size_t w = 0; w < warpgroups; ++w) {
    const bool last = w + 1 == warpgroups;
    multiply(block, step, block.warpgroup + w, last, last ? gap : 0);
  }
  stage_.drained();
}

void GemmWriter::load(const GemmTile& tile, std::int64_t step) {
  const std::int64_t depth = std::min(tiling_.k, work_.k - step * tiling_.k);
  load_operand(tiling_.swapped ? kB : kA, tile.a, tile.share_a, tile.rows, step, depth,
               row_scales(step, depth));
  load_operand(tiling_.swapped ? kA : kB, tile.b, tile.share_b, tile.columns, step, depth,
               has_micro_scales(work_.dtype) ? row_scales(step, depth) : 0);
  stage_.filled();
}

std::size_t GemmWriter::row_scales(std::int64_t step, std::int64_t depth) const {
  const bool blocks = work_.dtype == DTYPE_FP8_BLOCK || has_micro_scales(work_.dtype);
  const double bytes = blocks || ends_k(step)
                           ? activation_scale_bytes(work_.dtype, 1, static_cast<double>(depth))
                           : 0;
  return static_cast<std::size_t>(bytes);
}

void GemmWriter::load_operand(std::uint32_t tensor, std::int64_t block,
                              const GemmTile::Share& share, std::int64_t rows, std::int64_t step,
                              std::int64_t depth, std::size_t scale_bytes) {
  const bool whole = rows < share.ways;  // a single row is not split
  const std::int64_t half = whole ? 0 : share.half;
  const std::int64_t mine = whole       ? rows
                            : half == 0 ? rows - rows / share.ways * (share.ways - 1)
                                        : rows / share.ways;
  Instruction load;
  load.waits[0] = stage_.may_fill();
  load.waits[1] = starts_ > 0 ? compute::Wait{started_, starts_} : compute::Wait{};
  load.raises[0] = stage_.raise_full();
  load.bytes = narrow(sector_bytes(mine, depth, work_.dtype) +
                      mine * static_cast<std::int64_t>(scale_bytes));
  load.key =
      memory::tile_key(tensor, static_cast<std::uint64_t>((block * steps() + step) * 2 + half));
  program_.queues[chips::kTma].push_back(load);
}

void GemmWriter::multiply(const Block& block, std::int64_t step, std::size_t warpgroup,
                          bool last_warpgroup, std::int64_t gap) {
  const GemmSteps& cost = ends_k(step) ? last_ : whole_;
  const bool ends = step == block.end - 1;
  Instruction mma;
  mma.waits[0] = stage_.may_drain();
  mma.cycles = narrow(cost.mma + gap);
  mma.uses = {compute::Use{RESOURCE_TENSOR, narrow(cost.mma_tensor)},
              compute::Use{RESOURCE_SMEM, narrow(cost.mma_smem)}};
  mma.operations = narrow(2 * cost.mma_tensor * macs_per_clk());
  mma.local_bytes = narrow(cost.local_bytes);
  if (last_warpgroup) {
    mma.raises[0] = stage_.raise_empty();
  }
  if (step == block.first) {
    mma.waits[1] = accumulator_[warpgroup].may_fill();
  } else if (tiling_.in_step && !last_warpgroup) {
    mma.waits[1] = partial_[other(warpgroup)].may_fill();
  }
  if (promotes()) {
    mma.waits[2] = partial_[warpgroup].may_fill();
    mma.raises[1] = partial_[warpgroup].raise_full();
    partial_[warpgroup].filled();
  } else if (ends) {
    mma.raises[1] = accumulator_[warpgroup].raise_full();
  }
  program_.queues[chips::kTensorCore].push_back(mma);
  if (promotes()) {
    promote(cost, warpgroup, last_warpgroup, ends);
  }
  if (ends) {
    accumulator_[warpgroup].filled();
  }
}

void GemmWriter::promote(const GemmSteps& cost, std::size_t warpgroup, bool last_warpgroup,
                         bool last) {
  const bool second = tiling_.in_step && last_warpgroup;  // has waited beside the first
  Instruction add;
  add.waits[0] = partial_[warpgroup].may_drain();
  if (tiling_.in_step && !last_warpgroup) {
    add.waits[1] = partial_[other(warpgroup)].may_drain();
  }
  add.raises[0] = partial_[warpgroup].raise_empty();
  if (last) {
    add.raises[1] = accumulator_[warpgroup].raise_full();
  }
  add.cycles = narrow(cost.promotion + (second ? 0 : cost.promotion_wait));
  add.uses[0] = {RESOURCE_VECTOR, narrow(cost.promotion)};
  add.operations = narrow(cost.promotion * static_cast<std::int64_t>(gpu_.fp32_rate()));
  partial_[warpgroup].drained();
  program_.queues[chips::kCudaCores].push_back(add);
}

void GemmWriter::epilogue(const Block& block) {
  const GemmTile& tile = *block.tile;
  const GemmPiece piece = gemm_piece(tiling_, work_);
  const std::int64_t rows = tiling_.m / tiling_.warpgroups;  // of a warpgroup
  for (std::int64_t row = 0; row < rows; row += piece.rows) {
    for (std::int64_t column = 0; column < tile.columns; column += piece.columns) {
      for (std::int64_t w = 0; w < tiling_.warpgroups; ++w) {
        const std::size_t warpgroup = block.warpgroup + static_cast<std::size_t>(w);
        const bool last = row + piece.rows >= rows && column + piece.columns >= tile.columns;
        const std::int64_t first = w * rows + row;
        const GemmPiece part = {std::min(piece.rows, tile.rows - first),
                                std::min(piece.columns, tile.columns - column)};
        const std::uint64_t place = key(tile, block.split, first, column);
        const bool stored = part.rows > 0;
        if (stored && adds()) {
          load_sum(warpgroup, piece_bytes(part), place);
        }
        convert(warpgroup, row % kWgmmaRows == 0, last, stored);
        if (stored) {
          store(warpgroup, piece_bytes(part), place);
        }
      }
    }
  }
  for (std::int64_t w = 0; w < tiling_.warpgroups; ++w) {
    accumulator_[block.warpgroup + static_cast<std::size_t>(w)].drained();
  }
}

void GemmWriter::convert(std::size_t warpgroup, bool synchronises, bool last, bool stored) {
  Instruction convert;
  convert.waits[0] = accumulator_[warpgroup].may_drain();
  if (last) {
    convert.raises[0] = accumulator_[warpgroup].raise_empty();
  }
  if (stored && adds() && tiling_.tile_by_tile) {
    convert.waits[2] = sum_[warpgroup].may_drain();
    sum_[warpgroup].drained();
  }
  if (stored) {
    convert.waits[1] = output_[warpgroup].may_fill();
    convert.raises[1] = output_[warpgroup].raise_full();
    output_[warpgroup].filled();
    convert.uses = {compute::Use{RESOURCE_VECTOR, narrow(whole_.convert_fp32)},
                    compute::Use{RESOURCE_SMEM, narrow(whole_.convert_smem)}};
    convert.operations = narrow(whole_.convert_fp32 * static_cast<std::int64_t>(gpu_.fp32_rate()));
    convert.local_bytes =
        narrow(whole_.convert_smem * static_cast<std::int64_t>(gpu_.shared_read()));
    convert.cycles = narrow(std::max(whole_.convert_fp32, whole_.convert_smem));
  }
  convert.cycles += synchronises ? gpu_.matrix_latency() + gpu_.barrier() : 0;
  program_.queues[chips::kCudaCores].push_back(convert);
}

std::uint32_t GemmWriter::piece_bytes(const GemmPiece& piece) const {
  const bool partial = tiling_.splits > 1;
  const bool by_columns = tiling_.swapped && !partial;  // rows of C are columns of the tile
  return narrow(sector_bytes(by_columns ? piece.columns : piece.rows,
                             by_columns ? piece.rows : piece.columns,
                             partial ? DTYPE_FLOAT32 : work_.out_dtype));
}

void GemmWriter::store(std::size_t warpgroup, std::uint32_t bytes, std::uint64_t key) {
  Instruction store;
  store.waits[0] = output_[warpgroup].may_drain();
  store.raises = {output_[warpgroup].raise_empty(),
                  tiling_.splits > 1 ? kPartialsStored : compute::kNoFlag};
  store.bytes = bytes;
  store.key = key;
  output_[warpgroup].drained();
  program_.queues[chips::kTmaStore].push_back(store);
}

void GemmWriter::load_sum(std::size_t warpgroup, std::uint32_t bytes, std::uint64_t key) {
  Instruction load;
  load.bytes = bytes;
  load.key = key;
  if (tiling_.tile_by_tile) {
    load.waits[0] = accumulator_[warpgroup].may_drain();
    load.raises[0] = sum_[warpgroup].raise_full();
    sum_[warpgroup].filled();
  }
  program_.queues[chips::kTma].push_back(load);
}

std::uint64_t GemmWriter::key(const GemmTile& tile, std::int64_t split, std::int64_t row,
                              std::int64_t column) const {
  if (tiling_.splits > 1) {
    return partial_key(tile, split, row);
  }
  const std::int64_t place = (tile.c * tiling_.m + row) * tiling_.n + column;
  return memory::tile_key(kC, static_cast<std::uint64_t>(place));
}

std::uint64_t GemmWriter::partial_key(const GemmTile& tile, std::int64_t split,
                                      std::int64_t row) const {
  const std::int64_t piece = (tile.c * tiling_.splits + split) * tiling_.m + row;
  return memory::tile_key(kPartial, static_cast<std::uint64_t>(piece));
}

std::int64_t GemmWriter::macs_per_clk() const {
  return matrix_rate(gpu_, work_.dtype).macs_per_clk();
}

}  // namespace reticle::kernels::tensor_gpu
