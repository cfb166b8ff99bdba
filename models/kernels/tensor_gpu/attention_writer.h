#pragma once

#include <cstdint>
#include <vector>

#include "models/kernels/program_builder.h"
#include "models/kernels/tensor_gpu/attention_tasks.h"

namespace reticle::kernels::tensor_gpu {

// What the thread blocks in one place of an SM do, one task after another. Where other warps load
// (TMA, warp specialisation), they find the next task, the lengths of its sequence and its pages,
// one read after another, while others compute; where query heads are packed, the warps that
// compute load Q themselves once they are done with the task before. With mma.sync the same warps
// do everything, a task after the one before is stored.
//
// Overlapped (FlashAttention-3), every warpgroup issues the scores of its next block before the
// values of the current one, so that its softmax runs beside its own wgmma and, with two warpgroups
// in turn (ping-pong), beside the other's. Else scores, softmax and values follow one another, and
// what hides them is another warpgroup or another thread block.
class AttentionWriter {
 public:
  // Writes to the SM's `program`; `shared`: another thread block has the SM too.
  AttentionWriter(const std::vector<AttentionTask>& tasks, bool shared,
                  const AttentionTiling& tiling, const AttentionWork& work, const Target& target,
                  FlagCounter& flags, compute::CoreProgram& program);

  // Writes what comes next: the scores or the values of a block, with their loads. False when all
  // is written.
  bool advance();

 private:
  // Some blocks of keys at once; one, but for huge kernels.
  struct Step {
    std::int64_t first = 0;
    std::int64_t blocks = 0;
    std::int64_t keys = 0;    // valid ones
    std::int64_t masked = 0;  // blocks
    bool starts = false;
    bool ends = false;
  };
  struct Group {
    compute::Flag scores_done;
    compute::Flag ready;  // P, and O brought to the new maximum
    compute::Flag values_done;
    compute::Flag epilogue_done;
    std::uint32_t scores = 0;
    std::uint32_t softmaxes = 0;
    std::uint32_t values = 0;
  };

  std::vector<Step> steps_of(const AttentionTask& task) const;
  void begin();
  void overlapped_step();
  void first_half();
  void second_half();
  void finish();
  void block_start();
  void look_up(const AttentionTask& task);
  void load_queries(const AttentionTask& task);
  void gather_queries(const AttentionTask& task);
  void load(std::uint32_t tensor, const Step& step);
  void scores(const Step& step, std::size_t g);
  void softmax(const Step& step, std::size_t g);
  void values(const Step& step, std::size_t g);
  void epilogue(std::size_t g);
  void store(const AttentionTask& task);
  void push(std::uint32_t queue, const compute::Instruction& instruction);
  bool is_last(std::size_t g) const { return g + 1 == groups_.size(); }
  const AttentionTask& task() const { return tasks_[tasks_begun_ - 1]; }
  const Step* next() const { return at_->ends ? nullptr : &*(at_ + 1); }
  compute::Instruction query_load(const AttentionTask& task) const;
  compute::Instruction product(const MatrixStep& step, std::int64_t blocks, std::int64_t width);

  const std::vector<AttentionTask>& tasks_;
  bool shared_;
  const AttentionTiling& tiling_;
  const AttentionWork& work_;
  const TensorGpu& gpu_;
  bool producer_;  // warps of their own load
  bool latent_;    // values are in the keys' place
  Dtype out_;
  AttentionSteps steps_;
  compute::CoreProgram& program_;
  Ring queries_;
  Ring keys_;
  Ring values_;
  compute::Flag started_;  // a thread block after the first
  compute::Flag output_ready_;
  compute::Flag output_stored_;  // O goes out through V's place in shared memory
  compute::Flag looked_up_;      // by the warps that load, step by step
  compute::Flag lengths_known_;  // by the warps that compute
  std::vector<Group> groups_;
  std::int64_t overhead_ = 0;  // cycles a task and group
  std::int64_t schedule_ = 0;  // part of the schedule that was read last

  std::vector<Step> step_list_;  // of the task
  std::vector<Step>::const_iterator at_;
  bool halfway_ = false;
  std::size_t tasks_begun_ = 0;
  std::uint32_t tasks_ended_ = 0;
  std::uint32_t lookups_ = 0;
};

}  // namespace reticle::kernels::tensor_gpu
