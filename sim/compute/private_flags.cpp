#include "sim/compute/private_flags.h"

namespace reticle::compute {

PrivateFlags::State& PrivateFlags::at(Flag flag) {
  if (flag >= flags_.size()) {
    flags_.resize(flag + 1);
  }
  return flags_[flag];
}

void PrivateFlags::load(const CoreProgram& program) {
  flags_.clear();
  for (std::uint32_t queue = 0; queue < program.queues.size(); ++queue) {
    for (const Instruction& instruction : program.queues[queue]) {
      for (const Wait& wait : instruction.waits) {
        if (wait.flag < kSharedFlags) {
          at(wait.flag);
        }
      }
      for (const Flag flag : instruction.raises) {
        if (flag < kSharedFlags) {
          State& state = at(flag);
          ++state.raised;
          state.several |= state.queue != ~0U && state.queue != queue;
          state.queue = queue;
        }
      }
    }
  }
  std::size_t raises = 0;
  for (State& state : flags_) {
    state.first = raises;
    raises += state.raised;
    state.raised = 0;
  }
  times_.resize(raises);
}

}  // namespace reticle::compute
