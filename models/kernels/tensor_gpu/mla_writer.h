#pragma once

#include <array>
#include <cstdint>

#include "models/kernels/mapping.h"
#include "models/kernels/program_builder.h"
#include "models/kernels/tensor_gpu/mla_parts.h"
#include "models/kernels/tensor_gpu/sm_steps.h"

namespace reticle::kernels::tensor_gpu {

// Cycles of the steps of one SM, for 64 query rows against 64 cached rows.
struct MlaSteps {
  MatrixStep scores;        // one sub-tile of 64 columns of Q K^T
  MatrixStep values_own;    // P V for half of V, P in the warpgroup's registers
  MatrixStep values_other;  // the same with the other warpgroup's P, from shared memory
  SoftmaxStep softmax;
  std::int64_t rescale = 0;   // half of O
  std::int64_t exchange = 0;  // P to shared memory
};

MlaSteps mla_steps(const MlaWork& work, const Target& target);

// The program of one SM. Two warpgroups: each computes the scores and softmax of every second KV
// block and accumulates half of V for all blocks, so that one's softmax runs beside the other's
// wgmma (FlashMLA's "seesaw" of April 2025).
class MlaWriter {
 public:
  MlaWriter(std::uint32_t sm, const MlaWork& work, const MlaParts& parts, const Target& target);

  void segment(const MlaSegment& segment, std::int64_t row_block);

  compute::CoreProgram take() { return std::move(program_); }

 private:
  enum Part { kLeft, kRight, kRest, kParts };  // V's halves, and the columns only K has
  struct Block {
    std::int64_t number = 0;  // since the program's start: its shared-memory slot and flag counts
    std::uint64_t first_key = 0;
    std::int64_t rows = 0;
  };

  void load_queries(const MlaSegment& segment, std::int64_t row_block);
  void load_block(const Block& block);
  void scores(const Block& block, std::uint32_t warpgroup);
  void softmax(std::uint32_t warpgroup);
  void exchange();
  void values(const Block& block, Part half, bool own, compute::Wait ready, compute::Flag done);
  void pair(const Block& first, const Block* second);
  void finish(const MlaSegment& segment, std::int64_t row_block);
  void push(std::uint32_t queue, const compute::Instruction& instruction);

  compute::Wait may_fill(const Block& block, Part part) const;
  compute::Wait full(const Block& block, Part part, std::int64_t sub_tiles) const;
  std::int64_t sub_tiles(Part part) const;
  std::uint64_t partial_key(std::int64_t block, std::int64_t first) const;

  const MlaWork& work_;
  const MlaParts& parts_;
  const TensorGpu& gpu_;
  MlaSteps steps_;
  FlagCounter flags_;
  std::array<std::array<compute::Flag, kParts>, 2> full_;  // by slot
  std::array<std::array<compute::Flag, kParts>, 2> empty_;
  std::array<compute::Flag, 2> scores_done_;
  std::array<compute::Flag, 2> softmax_done_;
  std::array<std::uint32_t, 2> softmaxes_ = {0, 0};
  compute::Flag left_done_;  // P V of the first block and left half
  std::uint32_t lefts_ = 0;
  compute::Flag exchange_done_;
  std::uint32_t exchanges_ = 0;
  compute::Flag segment_done_;
  compute::Flag output_ready_;
  Ring queries_;
  std::int64_t overhead_;  // cycles a segment
  std::int64_t blocks_ = 0;
  std::uint32_t segments_ = 0;
  compute::CoreProgram program_;
};

}  // namespace reticle::kernels::tensor_gpu
