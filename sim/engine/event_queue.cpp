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

void EventQueue::drain() {
  now_ = static_cast<Ps>((sc_core::sc_time_stamp() - epoch_).value());
  while (!heap_.empty() && heap_.front().at <= now_) {
    const Event event = pop();
    ++events_;
    event.listener->on_event(event.token);
  }
  if (!heap_.empty()) {
    wake_.notify(sc_core::sc_time(static_cast<double>(heap_.front().at - now_), sc_core::SC_PS));
  }
}

Ps EventQueue::run(const std::vector<Listener*>& starters) {
  heap_.clear();
  now_ = 0;
  arrivals_ = 0;
  events_ = 0;
  epoch_ = sc_core::sc_time_stamp();
  for (std::size_t i = 0; i < starters.size(); ++i) {
    schedule(0, static_cast<std::uint32_t>(i), *starters[i], kStartToken);
  }
  wake_.notify(sc_core::SC_ZERO_TIME);
  sc_core::sc_start();
  return now_;
}

}  // namespace reticle::engine
