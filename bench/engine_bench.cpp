#include <benchmark/benchmark.h>

#include <deque>
#include <systemc>
#include <vector>

#include "bench/benches.h"
#include "sim/engine/event_queue.h"

namespace reticle::bench {

namespace {

constexpr std::uint64_t kActors = 132;       // an H100 has as many SMs
constexpr std::uint64_t kEventsEach = 1000;  // a run

// Delays of 1 to 1,024 ps, the same for both: an actor's next wake-up.
std::uint64_t delay_ps(std::uint64_t& state) {
  state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  return 1 + (state >> 54);
}

// Wakes itself up through the event queue, so many times.
struct Actor final : engine::Listener {
  void on_event(std::uint64_t) override {
    if (left-- > 0) {
      queue->schedule(queue->now() + static_cast<engine::Ps>(delay_ps(state)), rank, *this, 0);
    }
  }
  engine::EventQueue* queue = nullptr;
  std::uint32_t rank = 0;
  std::uint64_t state = 0;
  std::uint64_t left = 0;
};

// The same with plain SystemC: an sc_event and an SC_METHOD for each actor.
class BareActor : public sc_core::sc_module {
 public:
  explicit BareActor(const sc_core::sc_module_name& name) : sc_module(name) {
    SC_HAS_PROCESS(BareActor);
    SC_METHOD(wake);
    dont_initialize();
    sensitive << event_;
  }
  void start(std::uint64_t seed) {
    state_ = seed;
    left_ = kEventsEach;
    event_.notify(sc_core::SC_ZERO_TIME);
  }

 private:
  void wake() {
    if (left_-- > 0) {
      event_.notify(sc_core::sc_time(static_cast<double>(delay_ps(state_)), sc_core::SC_PS));
    }
  }
  sc_core::sc_event event_;
  std::uint64_t state_ = 0;
  std::uint64_t left_ = 0;
};

// Modules live until the process ends, as SystemC wants.
engine::EventQueue& queue() {
  static engine::EventQueue queue("bench_queue");
  return queue;
}

std::deque<BareActor>& bare_actors() {
  static std::deque<BareActor> actors;
  return actors;
}

void count(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() *
                          static_cast<std::int64_t>(kActors * (kEventsEach + 1)));
}

void event_queue(benchmark::State& state) {
  std::vector<Actor> actors(kActors);
  std::vector<engine::Listener*> starters;
  for (Actor& actor : actors) {
    starters.push_back(&actor);
  }
  for (auto _ : state) {
    for (std::size_t i = 0; i < actors.size(); ++i) {
      actors[i].queue = &queue();
      actors[i].rank = static_cast<std::uint32_t>(i);
      actors[i].state = i;
      actors[i].left = kEventsEach;
    }
    benchmark::DoNotOptimize(queue().run(starters));
  }
  count(state);
}

void sc_event(benchmark::State& state) {
  for (auto _ : state) {
    std::uint64_t seed = 0;
    for (BareActor& actor : bare_actors()) {
      actor.start(seed++);
    }
    sc_core::sc_start();
  }
  count(state);
}

}  // namespace

void register_engine() {
  queue();
  for (std::uint64_t i = 0; i < kActors; ++i) {
    bare_actors().emplace_back(("bare" + std::to_string(i)).c_str());
  }
  benchmark::RegisterBenchmark("sc_event", sc_event)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("event_queue", event_queue)->Unit(benchmark::kMillisecond);
}

}  // namespace reticle::bench
