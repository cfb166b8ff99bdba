#pragma once

#include <cstdint>
#include <vector>

#include "models/kernels/program_builder.h"
#include "models/kernels/tensor_gpu/attention_tasks.h"

namespace reticle::kernels::tensor_gpu {

// The program of one SM (FlashAttention-3). Where keys are gathered, the warps that load find the
// next task, the lengths of its sequence and its pages, one read after another, while others
// compute; the warps that compute load Q themselves once they are done with the task before. Every
// warpgroup issues the scores of its next block before the values of the current one, so that its
// softmax runs beside its own wgmma and, with two warpgroups in turn (ping-pong), beside the
// other's.
class AttentionWriter {
 public:
  AttentionWriter(std::uint32_t sm, const AttentionTiling& tiling, const AttentionWork& work,
                  const Target& target);

  void task(const AttentionTask& task);

  compute::CoreProgram take() { return std::move(program_); }

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
  struct Warpgroup {
    compute::Flag scores_done;
    compute::Flag ready;  // P, and O brought to the new maximum
    compute::Flag values_done;
    compute::Flag epilogue_done;
    std::uint32_t scores = 0;
    std::uint32_t softmaxes = 0;
    std::uint32_t values = 0;
  };

  std::vector<Step> steps_of(const AttentionTask& task) const;
  void look_up(const AttentionTask& task);
  void load_queries(const AttentionTask& task);
  void gather_queries(const AttentionTask& task);
  void load(std::uint32_t tensor, std::int64_t kv_head, const Step& step);
  void scores(const Step& step, std::size_t w);
  void softmax(const Step& step, std::size_t w);
  void values(const Step& step, const Step* next, std::size_t w);
  void epilogue(std::size_t w);
  void store(const AttentionTask& task);
  void push(std::uint32_t queue, const compute::Instruction& instruction);
  bool is_last(std::size_t w) const { return w + 1 == warpgroups_.size(); }
  compute::Instruction query_load(const AttentionTask& task) const;

  const AttentionTiling& tiling_;
  const AttentionWork& work_;
  const TensorGpu& gpu_;
  AttentionSteps steps_;
  FlagCounter flags_;
  Ring queries_;
  Ring keys_;
  Ring values_;
  compute::Flag output_ready_;
  compute::Flag output_stored_;  // O goes out through V's place in shared memory
  compute::Flag looked_up_;      // by the warps that load, step by step
  compute::Flag lengths_known_;  // by the warps that compute
  std::vector<Warpgroup> warpgroups_;
  std::uint32_t tasks_ = 0;
  std::uint32_t lookups_ = 0;
  std::int64_t overhead_ = 0;  // cycles a task and warpgroup
  compute::CoreProgram program_;
};

}  // namespace reticle::kernels::tensor_gpu
