#include "sim/compute/activity.h"

namespace reticle::compute {

void Tally::add(const Instruction& instruction) {
  for (const Use& use : instruction.uses) {
    busy_[static_cast<std::size_t>(use.resource)] += use.cycles;
  }
  operations_[static_cast<std::size_t>(instruction.uses[0].resource)] += instruction.operations;
  local_bytes_ += instruction.local_bytes;
}

Activity Tally::activity() const {
  Activity activity;
  for (std::size_t r = 0; r < busy_.size(); ++r) {
    if (busy_[r] > 0) {
      activity.busy[static_cast<Resource>(r)] = busy_[r];
    }
    if (operations_[r] > 0) {
      activity.operations[static_cast<Resource>(r)] = operations_[r];
    }
  }
  activity.local_bytes = local_bytes_;
  return activity;
}

}  // namespace reticle::compute
