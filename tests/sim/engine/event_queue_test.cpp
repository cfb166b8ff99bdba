#include "sim/engine/event_queue.h"

#include <catch2/catch.hpp>
#include <functional>
#include <stdexcept>
#include <utility>
#include <vector>

using namespace reticle::engine;

namespace {

// Writes down what it is woken for, then does as it is told.
struct Recorder final : Listener {
  std::vector<std::pair<Ps, std::uint64_t>> seen;
  std::function<void(std::uint64_t)> then;
  EventQueue* queue = nullptr;

  void on_event(std::uint64_t token) override {
    seen.emplace_back(queue->now(), token);
    if (then) {
      then(token);
    }
  }
};

using Seen = std::vector<std::pair<Ps, std::uint64_t>>;

}  // namespace

TEST_CASE("events come in order of time, then rank, then arrival") {
  EventQueue queue("queue");
  Recorder recorder;
  recorder.queue = &queue;
  recorder.then = [&](std::uint64_t token) {
    if (token != kStartToken) {
      return;
    }
    queue.schedule(20, 0, recorder, 1);
    queue.schedule(10, 7, recorder, 2);
    queue.schedule(10, 3, recorder, 3);
    queue.schedule(10, 7, recorder, 4);
    queue.schedule(10, 3, recorder, 5);
    queue.schedule(0, 9, recorder, 6);
  };
  CHECK(queue.run({&recorder}) == 20);
  CHECK(recorder.seen ==
        Seen{{0, kStartToken}, {0, 6}, {10, 3}, {10, 5}, {10, 2}, {10, 4}, {20, 1}});
  CHECK(queue.events() == 7);
}

TEST_CASE("an event made for this instant still takes its place by rank") {
  EventQueue queue("queue");
  Recorder recorder;
  recorder.queue = &queue;
  recorder.then = [&](std::uint64_t token) {
    if (token == kStartToken) {
      queue.schedule(5, 1, recorder, 1);
      queue.schedule(5, 4, recorder, 4);
    } else if (token == 1) {
      queue.schedule(5, 2, recorder, 2);  // before 4, which waits already
      queue.schedule(5, 4, recorder, 5);  // after it
    }
  };
  queue.run({&recorder});
  CHECK(recorder.seen == Seen{{0, kStartToken}, {5, 1}, {5, 2}, {5, 4}, {5, 5}});
}

TEST_CASE("the past is refused, the present is not") {
  EventQueue queue("queue");
  Recorder recorder;
  recorder.queue = &queue;
  std::string refused;
  recorder.then = [&](std::uint64_t token) {
    if (token == kStartToken) {
      queue.schedule(100, 0, recorder, 1);
    } else if (token == 1) {
      queue.schedule(100, 0, recorder, 2);
      try {
        queue.schedule(99, 0, recorder, 3);
      } catch (const std::logic_error& error) {
        refused = error.what();
      }
    }
  };
  CHECK(queue.run({&recorder}) == 100);
  CHECK(refused == "event scheduled in the past");
  CHECK(recorder.seen == Seen{{0, kStartToken}, {100, 1}, {100, 2}});
}

TEST_CASE("starters are woken at zero in the order given") {
  EventQueue queue("queue");
  std::vector<int> order;
  Recorder first;
  Recorder second;
  first.queue = second.queue = &queue;
  first.then = [&](std::uint64_t) { order.push_back(1); };
  second.then = [&](std::uint64_t) { order.push_back(2); };
  CHECK(queue.run({&second, &first}) == 0);
  CHECK(order == std::vector<int>{2, 1});
  CHECK(queue.run({}) == 0);
  CHECK(queue.events() == 0);
}

TEST_CASE("every run starts at zero with nothing pending") {
  EventQueue queue("queue");
  Recorder recorder;
  recorder.queue = &queue;
  recorder.then = [&](std::uint64_t token) {
    if (token == kStartToken) {
      queue.schedule(1234567, 1, recorder, 1);
    }
  };
  CHECK(queue.run({&recorder}) == 1234567);
  const Seen once = recorder.seen;
  recorder.seen.clear();
  CHECK(queue.run({&recorder}) == 1234567);
  CHECK(recorder.seen == once);
  CHECK(queue.events() == 2);
}

TEST_CASE("two queues in one kernel keep their own time") {
  EventQueue a("a");
  EventQueue b("b");
  Recorder recorder;
  recorder.then = [&](std::uint64_t token) {
    if (token == kStartToken) {
      recorder.queue->schedule(1000, 0, recorder, 1);
    }
  };
  recorder.queue = &a;
  CHECK(a.run({&recorder}) == 1000);
  recorder.queue = &b;
  CHECK(b.run({&recorder}) == 1000);
  CHECK(a.now() == 1000);
  CHECK(a.events() == 2);
}
