#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/sim/compute/toy.h"

using namespace reticle;
using namespace reticle::compute;
using engine::Ps;

TEST_CASE("a unit's instructions run one after the other") {
  Toy toy;
  CoreProgram one = program();
  one.queues[kUnit] = {work(10), work(20), work(30)};
  CHECK(toy.run({one}) == 60 * kCycle);
  const Activity activity = toy.all[0].activity();
  CHECK(activity.busy.at(RESOURCE_TENSOR) == 60);
  CHECK(activity.operations.at(RESOURCE_TENSOR) == 600);
  CHECK(activity.busy.size() == 1);
  CHECK(activity.port_busy == 0);
}

TEST_CASE("rounding to picoseconds does not add up over instructions") {
  engine::EventQueue events("events");
  memory::MemorySystem memory("memory", events, {1e6, 100, 1e12, 1e12}, {1, 1e12, 100, 512});
  FlagBoard board(events, 0, 1);
  Core core("core", {1.755e9, {{"unit", QueueKind::kUnit, 0, 0}}}, 0, events, board);
  core.socket.bind(memory.socket);
  CoreProgram program = {0, {std::vector<Instruction>(1000000, work(1))}};
  core.load(program);
  CHECK(events.run({&core}) == 569800570);  // 1e6 cycles of 569.8005698 ps, not 1e6 x 570
}

TEST_CASE("an instruction is blocked at count t-1 and goes at t") {
  Toy toy;
  CoreProgram two = program();
  two.queues[kLoad] = {move(1, {}, 0), move(2, {}, 0)};  // data at 6,000 and 7,000
  two.queues[kUnit] = {work(1, {0, 2})};
  CHECK(toy.run({two}) == 2000 + kMissLatency + kCycle);
  two.queues[kUnit] = {work(1, {0, 1})};
  // The unit ends together with the second tile's arrival.
  CHECK(toy.run({two}) == std::max(1000 + kMissLatency + kCycle, 2000 + kMissLatency));
  two.queues[kUnit] = {work(5, {0, 1})};
  CHECK(toy.run({two}) == 1000 + kMissLatency + 5 * kCycle);
}

TEST_CASE("all three waits of an instruction must be met") {
  Toy toy;
  for (const std::uint32_t last : {1U, 2U, 3U}) {
    CoreProgram three = program();
    three.queues[kLoad] = {move(1, {}, 0), move(2, {}, 1), move(3, {}, 2)};
    Instruction unit = work(1);
    unit.waits = {Wait{last - 1, 1}, Wait{0, 1}, Wait{}};
    three.queues[kUnit] = {unit, work(10)};
    CHECK(toy.run({three}) == last * 1000 + kMissLatency + 11 * kCycle);
  }
}

TEST_CASE("a queue keeps its order although a later instruction could go") {
  Toy toy;
  CoreProgram one = program();
  one.queues[kLoad] = {move(1, {}, 0)};
  one.queues[kUnit] = {work(1, {0, 1}), work(50)};  // the second waits for nothing
  CHECK(toy.run({one}) == 1000 + kMissLatency + 51 * kCycle);
}

TEST_CASE("loads complete in order: a hit behind a miss is not seen before it") {
  Toy toy;
  CoreProgram one = program();
  one.queues[kLoad] = {move(1, {}, 0), move(2), move(1, {}, 1)};
  one.queues[kUnit] = {work(1, {1, 1})};
  CHECK(toy.run({one}) == 2000 + kMissLatency + kCycle);  // with tile 2, not when tile 1 is a hit
}

TEST_CASE("two buffers overlap load and compute, one buffer does not") {
  // fill + n x max(load, compute) + drain of the shorter one, with slots freed as they are used.
  const auto pipelined = [](Toy& toy, std::uint32_t buffers, std::uint32_t n,
                            std::uint32_t cycles) {
    CoreProgram pipe = program();
    for (std::uint32_t i = 0; i < n; ++i) {
      pipe.queues[kLoad].push_back(move(i, i < buffers ? Wait{} : Wait{1, i - buffers + 1}, 0));
      pipe.queues[kUnit].push_back(work(cycles, {0, i + 1}, 1));
    }
    return toy.run({pipe});
  };
  const Ps load = 1000;
  const Ps fill = load + kMissLatency;
  Toy toy;
  CHECK(pipelined(toy, 100, 100, 3) == fill + 100 * 3 * kCycle);    // compute binds
  CHECK(pipelined(toy, 2, 100, 20) == fill + 100 * 20 * kCycle);    // latency hidden by 20 cycles
  CHECK(pipelined(toy, 100, 100, 1) == fill + 99 * load + kCycle);  // both alike
  CHECK(pipelined(toy, 1, 100, 3) == 100 * (fill + 3 * kCycle));    // nothing overlaps
  // Two slots, and a load with its latency longer than a step: a load every fill / 2 at most.
  CHECK(pipelined(toy, 2, 100, 1) == 50 * (fill + kCycle) + load);
}

// 1,000 B in three cycles are 3,000 ps, where the port and HBM take 1,000; a limit below the port's
// own rate changes nothing.
TEST_CASE("a load that does more than move bytes takes its cycles") {
  Toy toy;
  CoreProgram one = program();
  one.queues[kLoad] = {move(1), move(2)};
  one.queues[kLoad][0].cycles = 3;
  CHECK(toy.run({one}) == 4000 + kMissLatency);
  one.queues[kLoad][1].cycles = 1;
  CHECK(toy.run({one}) == 4000 + kMissLatency);
}

TEST_CASE("stores occupy their port, and the busier port is reported") {
  Toy toy;
  CoreProgram one = program();
  one.queues[kLoad] = {move(1)};
  one.queues[kStore] = {move(10), move(11), move(12)};
  CHECK(toy.run({one}) == 1000 + kMissLatency);
  CHECK(toy.all[0].activity().port_busy == 3 * 1000);
  CHECK(toy.memory.l2_bytes() == 4 * kTileBytes);
}

TEST_CASE("a port that waits for HBM is not busy") {
  Toy toy(2);  // two cores share an HBM as fast as one port
  std::vector<CoreProgram> programs(2, program());
  programs[0].queues[kLoad] = {move(1), move(2)};
  programs[1].queues[kLoad] = {move(3), move(4)};
  CHECK(toy.run(programs) == 4 * 1000 + kMissLatency);
  CHECK(toy.all[1].activity().port_busy == 2 * 1000);
}

TEST_CASE("a core that waits for a flag nobody raises says where") {
  Toy toy;
  CoreProgram one = program();
  one.queues[kUnit] = {work(1), work(1, {4, 1}), work(1)};
  CHECK(toy.run({one}) == kCycle);
  CHECK_FALSE(toy.all[0].finished());
  CHECK(toy.all[0].stuck_at() == "core0.unit step 1 of 3");
  one.queues[kUnit] = {work(1)};
  toy.run({one});
  CHECK(toy.all[0].finished());
  CHECK(toy.all[0].stuck_at().empty());
}

TEST_CASE("a program must have the core's queues") {
  Toy toy;
  CHECK_THROWS_WITH(toy.all[0].load({0, {{}, {}}}),
                    "program has another number of queues than the core");
}

TEST_CASE("a core's statistics name its queues") {
  Toy toy;
  CoreProgram one = program();
  one.queues[kUnit] = {work(7)};
  toy.run({one});
  const engine::Statistics statistics = toy.all[0].statistics();
  REQUIRE(statistics.size() == 3);
  CHECK(statistics[1].name == "core0.unit.busy");
  CHECK(statistics[1].unit == "ps");
  CHECK(statistics[1].value == 7 * kCycle);
}
