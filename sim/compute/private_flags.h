#pragma once

#include <cstdint>
#include <vector>

#include "sim/compute/tile_program.h"
#include "sim/engine/time.h"

namespace reticle::compute {

constexpr engine::Ps kUnknown = -1;

// A core's own flags, as the instants at which each is raised. An in-order queue knows when its
// instructions will end before they do, so a flag raised by one queue is known ahead of time and
// whoever waits for it needs no event. Raises of several queues have an order only once they
// happen.
class PrivateFlags {
 public:
  // All flags down, and room for every raise of the program.
  void load(const CoreProgram& program);

  bool raised_by_several(Flag flag) const { return flags_[flag].several; }

  // Raises of one flag come in order of time. Returns the queues (a bit each) that watched it.
  std::uint32_t raise(Flag flag, engine::Ps at) {
    State& state = flags_[flag];
    times_[state.first + state.raised++] = at;
    const std::uint32_t watchers = state.watchers;
    state.watchers = 0;
    return watchers;
  }

  // When the flag is raised for the count-th time; kUnknown so far.
  engine::Ps when(const Wait& wait) const {
    const State& state = flags_[wait.flag];
    if (wait.count == 0) {
      return 0;
    }
    return wait.count <= state.raised ? times_[state.first + wait.count - 1] : kUnknown;
  }

  void watch(Flag flag, std::size_t queue) { flags_[flag].watchers |= 1U << queue; }

 private:
  struct State {
    std::size_t first = 0;  // of its raises in `times_`
    std::uint32_t raised = 0;
    std::uint32_t watchers = 0;
    std::uint32_t queue = ~0U;  // that raises it
    bool several = false;
  };
  State& at(Flag flag);

  std::vector<State> flags_;
  std::vector<engine::Ps> times_;
};

}  // namespace reticle::compute
