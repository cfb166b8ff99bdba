#include "sim/engine/event_queue.h"

#include <algorithm>
#include <stdexcept>

namespace reticle::engine {

EventQueue::EventQueue(const sc_core::sc_module_name& name) : sc_module(name) {
  SC_HAS_PROCESS(EventQueue);
  SC_METHOD(drain);
  dont_initialize();
  sensitive << wake_;
}

bool EventQueue::later(const Event& a, const Event& b) {
  if (a.at != b.at) {
    return a.at > b.at;
  }
  if (a.rank != b.rank) {
    return a.rank > b.rank;
  }
  return a.arrival > b.arrival;
}

void EventQueue::schedule(Ps at, std::uint32_t rank, Listener& listener, std::uint64_t token) {
  if (at < now_) {
    throw std::logic_error("event scheduled in the past");
  }
  heap_.push_back({at, rank, arrivals_++, &listener, token});
  std::push_heap(heap_.begin(), heap_.end(), later);
}

EventQueue::Event EventQueue::pop() {
  std::pop_heap(heap_.begin(), heap_.end(), later);
  const Event event = heap_.back();
  heap_.pop_back();
  return event;
}

// No other process sees this one's effects, so it need not go back to SystemC between instants
// (temporal decoupling, IEEE 1666 loosely timed); SystemC's clock follows at the end.
void EventQueue::drain() {
  const bool started = !heap_.empty();
  while (!heap_.empty()) {
    const Event event = pop();
    now_ = event.at;
    ++events_;
    event.listener->on_event(event.token);
  }
  if (started) {
    wake_.notify(sc_core::sc_time(static_cast<double>(end()), sc_core::SC_PS));
  }
}

Ps EventQueue::run(const std::vector<Listener*>& starters) {
  heap_.clear();
  now_ = 0;
  occupied_until_ = 0;
  arrivals_ = 0;
  events_ = 0;
  for (std::size_t i = 0; i < starters.size(); ++i) {
    schedule(0, static_cast<std::uint32_t>(i), *starters[i], kStartToken);
  }
  wake_.notify(sc_core::SC_ZERO_TIME);
  sc_core::sc_start();
  return end();
}

}  // namespace reticle::engine
