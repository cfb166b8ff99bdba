#pragma once

#include <cstdint>
#include <vector>

#include "models/chips/family.h"
#include "models/kernels/program_builder.h"
#include "models/kernels/tensor_gpu/combine.h"
#include "models/kernels/tensor_gpu/gemm_tiling.h"
#include "models/kernels/tensor_gpu/raster.h"
#include "sim/compute/units.h"

namespace reticle::kernels::tensor_gpu {

// A tile, or one split of it, that an SM works on.
struct GemmShare {
  const GemmTile* tile = nullptr;
  std::int64_t split = 0;
};

// The program of one SM, tile by tile: the load engine fills stages of operands, warpgroups
// multiply, CUDA cores promote block-scaled sums and convert, and the store engine writes what is
// staged.
class GemmWriter {
 public:
  // Keeps references to all but `sm`.
  GemmWriter(std::uint32_t sm, const GemmTiling& tiling, const GemmWork& work,
             const Target& target);

  // Tiles, or splits of them, whose blocks share the SM: their steps take turns.
  void blocks(const std::vector<GemmShare>& shares);

  // Some rows of a split tile, once all `stored` partial results of the chip are in L2.
  void combine(const GemmTile& tile, std::int64_t row, std::int64_t stored);

  // After the last tile: the rest of the list has none.
  void end_list();

  bool empty() const { return program_.queues[chips::kTma].empty(); }
  const compute::CoreProgram& program() const { return program_; }
  compute::CoreProgram take() { return std::move(program_); }

 private:
  // A thread block at work: its tile, the steps of k it goes through, its first warpgroup.
  struct Block {
    const GemmTile* tile;
    std::int64_t split;
    std::int64_t first;
    std::int64_t end;
    std::size_t warpgroup;
  };

  std::int64_t steps() const { return compute::ceil_div(work_.k, tiling_.k); }
  bool promotes() const { return whole_.promotion > 0; }
  // To what C holds: as part of the epilogue, unless splits of k are summed up later.
  bool adds() const { return work_.accumulate && tiling_.splits == 1; }
  std::uint32_t piece_bytes(const GemmPiece& piece) const;
  bool ends_k(std::int64_t step) const { return step == steps() - 1; }

  // Blocks that do not stay, or take their tiles one by one: the next begin when the output of
  // these has left their shared memory.
  void start(const std::vector<Block>& together);
  // The scheduler goes through the list to the next tile's group, whose tensor maps are rewritten
  // before its first load (not the first one's: `kernel_prologue`).
  void change_group(std::int64_t group);
  // The load engine's warp does nothing else meanwhile.
  void rest(std::int64_t cycles);
  std::int64_t walk_cycles(std::int64_t group) const;
  void advance(const Block& block, std::int64_t step, std::int64_t gap);
  void load(const GemmTile& tile, std::int64_t step);
  // Bytes of scales beside a row of a step: of its blocks along k, or once at the end.
  std::size_t row_scales(std::int64_t step, std::int64_t depth) const;
  // A multicast operand is brought in halves, one by each SM of the cluster; both run in step, so
  // the partner's half is there when ours is.
  void load_operand(std::uint32_t tensor, std::int64_t block, const GemmTile::Share& share,
                    std::int64_t rows, std::int64_t step, std::int64_t depth,
                    std::size_t scale_bytes);
  void multiply(const Block& block, std::int64_t step, std::size_t warpgroup, bool last_warpgroup,
                std::int64_t gap);
  // FP32 sums += scale x partial sums, after the wgmma has drained.
  void promote(const GemmSteps& cost, std::size_t warpgroup, bool last_warpgroup, bool last);
  // The one of a tile's two warpgroups that this one keeps step with.
  std::size_t other(std::size_t warpgroup) const { return warpgroup ^ 1U; }
  // A tile leaves the registers in pieces, two of each warpgroup at a time in shared memory.
  void epilogue(const Block& block);
  // Registers to shared memory. Rows beyond the matrix stay where they are.
  void convert(std::size_t warpgroup, bool synchronises, bool last, bool stored);
  void store(std::size_t warpgroup, std::uint32_t bytes, std::uint64_t key);
  // What C holds already, brought by the same engine as the operands: ahead of the epilogue, or,
  // tile by tile, when the products are done.
  void load_sum(std::size_t warpgroup, std::uint32_t bytes, std::uint64_t key);
  std::uint64_t key(const GemmTile& tile, std::int64_t split, std::int64_t row,
                    std::int64_t column) const;
  std::uint64_t partial_key(const GemmTile& tile, std::int64_t split, std::int64_t row) const;
  std::int64_t macs_per_clk() const;

  const GemmTiling& tiling_;
  const GemmWork& work_;
  const Target& target_;
  const TensorGpu& gpu_;
  GemmSteps whole_;
  GemmSteps last_;
  FlagCounter flags_;
  Ring stage_;
  std::vector<Ring> accumulator_;  // one a warpgroup
  std::vector<Ring> partial_;      // what is still to be promoted
  std::vector<Ring> output_;       // one a warpgroup
  std::vector<Ring> sum_;          // what C holds, a warpgroup: pieces that are there
  compute::Flag started_;          // raised by every round of blocks but the first
  std::uint32_t starts_ = 0;
  std::int64_t group_change_;  // cycles
  std::int64_t group_ = -1;    // of the tile before
  Combiner combiner_;
  compute::CoreProgram program_;
};

}  // namespace reticle::kernels::tensor_gpu
