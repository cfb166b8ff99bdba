#pragma once

#include <cstdint>
#include <vector>

#include "sim/compute/tile_program.h"
#include "sim/engine/event_queue.h"

namespace reticle::compute {

class Core;

// Flags that cores raise for each other (AIC to AIV, grid barriers): a raise is seen by everybody
// `latency` later.
class FlagBoard : public engine::Listener {
 public:
  FlagBoard(engine::EventQueue& events, engine::Ps latency, std::uint32_t rank);

  void reset(std::uint32_t flags);
  // Raised at `at`, now or to come; seen a latency later.
  void raise(Flag flag, engine::Ps at);
  std::uint32_t count(Flag flag) const { return counts_.at(flag - kSharedFlags); }

  // Wakes `core` once, when the flag next grows.
  void watch(Flag flag, Core& core);
  void on_event(std::uint64_t token) override;

 private:
  engine::EventQueue& events_;
  engine::Ps latency_;
  std::uint32_t rank_;
  std::vector<std::uint32_t> counts_;
  std::vector<std::vector<Core*>> watchers_;
};

}  // namespace reticle::compute
