#pragma once

#include <algorithm>
#include <cstdint>
#include <systemc>
#include <vector>

#include "sim/engine/time.h"

namespace reticle::engine {

// Something that asked to be woken.
class Listener {
 public:
  virtual void on_event(std::uint64_t token) = 0;

 protected:
  ~Listener() = default;
};

// The one process of a chip model: a heap of pending events drained by a single SC_METHOD in one
// wake-up, so that every instant has a total order, (time, rank, arrival), that does not depend on
// SystemC's order of processes. Times are relative to the start of the run.
class EventQueue : public sc_core::sc_module {
 public:
  explicit EventQueue(const sc_core::sc_module_name& name);

  // Wakes `listener` with `token` at `at` (>= now). Within an instant the lower rank goes first.
  void schedule(Ps at, std::uint32_t rank, Listener& listener, std::uint64_t token);

  // Something nobody needs to be woken for goes on until `at`: the run ends no earlier.
  void occupy_until(Ps at) { occupied_until_ = std::max(occupied_until_, at); }

  // Runs until nothing is pending; returns the time of the last event or occupation. Resets time
  // and order first, so that every run starts from the same state.
  Ps run(const std::vector<Listener*>& starters);

  Ps now() const { return now_; }
  std::uint64_t events() const { return events_; }

 private:
  struct Event {
    Ps at;
    std::uint32_t rank;
    std::uint64_t arrival;
    Listener* listener;
    std::uint64_t token;
  };
  static bool later(const Event& a, const Event& b);
  void drain();
  Event pop();
  Ps end() const { return std::max(now_, occupied_until_); }

  sc_core::sc_event wake_;
  std::vector<Event> heap_;
  Ps now_ = 0;
  Ps occupied_until_ = 0;
  std::uint64_t arrivals_ = 0;
  std::uint64_t events_ = 0;
};

// Token that `run` hands to its starters.
constexpr std::uint64_t kStartToken = ~std::uint64_t{0};

}  // namespace reticle::engine
