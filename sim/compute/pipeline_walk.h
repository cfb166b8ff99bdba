#pragma once

#include <cstdint>
#include <vector>

#include "schema/kernel.pb.h"
#include "sim/compute/core.h"
#include "sim/compute/tile_program.h"
#include "sim/memory/fair_memory.h"

namespace reticle::compute {

// The timing of one core, or of a few that hand work to each other, whose fellows all do alike: the
// recurrences of Core, instruction by instruction, before a memory in closed form. Nothing of other
// cores is asked for, so there are no events. What other cores would raise is taken to be raised
// together with what these do.
class PipelineWalk {
 public:
  PipelineWalk(memory::FairMemory& memory, const std::vector<memory::TensorTraffic>& traffic,
               engine::Ps flag_latency)
      : memory_(memory), traffic_(traffic), flag_latency_(flag_latency) {}

  // Spec and program must outlive the walk. `milestone`, where given: how far in each queue
  // end_of_milestone() is asked for.
  void add(const CoreSpec& spec, const CoreProgram& program,
           const std::vector<std::size_t>& milestone = {});

  // Returns when the last instruction ends. Throws std::logic_error if some wait for ever.
  engine::Ps run();

  // When the instructions before the milestone had ended.
  engine::Ps end_of_milestone() const;
  std::uint64_t instructions() const;
  Activity activity() const;  // summed over the cores; port_busy of the busiest

 private:
  // What one queue raises of a flag, and where the instants are kept.
  struct Raises {
    std::uint32_t queue = 0;
    std::uint32_t total = 0;
    std::uint32_t raised = 0;
    std::uint32_t first = 0;
    std::uint32_t also = 0;  // another queue's raises of this flag: one more than its place
  };
  struct Queue {
    const QueueSpec* spec;
    const std::vector<Instruction>* program;
    std::size_t milestone;
    double period_ps;
    std::size_t core;
    std::size_t next = 0;
    engine::Ps free_at = 0;
    engine::Ps since = 0;
    engine::Cycles cycles = 0;
    engine::Ps last_done = 0;
    engine::Ps at_milestone = 0;
    engine::Ps busy = 0;
  };
  Raises& flag(std::size_t core, Flag flag) {
    return flag < kSharedFlags ? private_[first_flag_[core] + flag] : shared_[flag - kSharedFlags];
  }
  Raises& by(Raises& flag, std::uint32_t queue);
  const Raises* next(const Raises& raises) const {
    return raises.also == 0 ? nullptr : &others_[raises.also - 1];
  }
  void expect(const Queue& queue, std::uint32_t number);
  void make_room();
  bool step(std::uint32_t index);
  void raise(std::uint32_t index, const Instruction& instruction, engine::Ps done);
  engine::Ps ready_at(std::size_t core, const Instruction& instruction);
  engine::Ps reached(const Raises& flag, std::uint32_t count) const;
  static engine::Ps occupy(Queue& queue, const Instruction& instruction, engine::Ps begin);
  engine::Ps transfer(Queue& queue, const Instruction& instruction, engine::Ps begin);

  memory::FairMemory& memory_;
  const std::vector<memory::TensorTraffic>& traffic_;
  engine::Ps flag_latency_;
  std::vector<Queue> queues_;
  std::vector<std::size_t> first_flag_;  // by core, in `private_`
  std::vector<Raises> private_;
  std::vector<Raises> shared_;
  std::vector<Raises> others_;  // raises of a second and further queue
  std::vector<engine::Ps> times_;
  Tally tally_;
};

}  // namespace reticle::compute
