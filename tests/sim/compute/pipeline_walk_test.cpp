#include "sim/compute/pipeline_walk.h"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "tests/sim/compute/toy.h"

using namespace reticle;
using namespace reticle::compute;
using engine::Ps;

namespace {

const CoreSpec kCore = {1e9,
                        {{"load", QueueKind::kLoad, 1e12, 0},
                         {"unit", QueueKind::kUnit, 0, 0},
                         {"store", QueueKind::kStore, 1e12, 0}}};
const memory::L2Spec kL2 = {1e9, 100, 1e15, 1e15};
const memory::HbmSpec kHbm = {1, 1e12, kMissLatency, 1000};
const std::vector<memory::TensorTraffic> kMissed = {{1, 0, true}};

// The toy's core before the toy's memory, as one of `sharers`.
Ps walk(const std::vector<CoreProgram>& programs, double sharers = 1) {
  memory::FairMemory memory(kL2, kHbm, 1e12, sharers, 0);
  PipelineWalk walk(memory, kMissed, kFlagLatency);
  for (const CoreProgram& program : programs) {
    walk.add(kCore, program);
  }
  return walk.run();
}

CoreProgram pipeline(std::uint32_t buffers, std::uint32_t n, std::uint32_t cycles) {
  CoreProgram pipe = program();
  for (std::uint32_t i = 0; i < n; ++i) {
    pipe.queues[kLoad].push_back(move(i, i < buffers ? Wait{} : Wait{1, i - buffers + 1}, 0));
    pipe.queues[kUnit].push_back(work(cycles, {0, i + 1}, 1));
  }
  return pipe;
}

}  // namespace

TEST_CASE("a lone core walks as it simulates") {
  Toy toy;
  for (const std::uint32_t buffers : {1U, 2U, 100U}) {
    for (const std::uint32_t cycles : {1U, 3U, 20U}) {
      const CoreProgram pipe = pipeline(buffers, 50, cycles);
      CHECK(walk({pipe}) == toy.run({pipe}));
    }
  }
}

TEST_CASE("cores that share a memory wait for it, cores that do not ask for it do not") {
  const CoreProgram loads = pipeline(100, 100, 1);
  CHECK(walk({loads}, 4) == Approx(4 * 100 * 1000 + kMissLatency).epsilon(0.01));
  const CoreProgram computes = pipeline(4, 100, 40);  // 40 cycles a step, 4 x 1 to load for all
  CHECK(walk({computes}, 4) == Approx(100 * 40 * kCycle + kMissLatency).epsilon(0.01));
}

TEST_CASE("a shared flag is seen a latency later, and others' raises come with ours") {
  CoreProgram giver = program();
  giver.queues[kUnit] = {work(10, {}, kSharedFlags)};
  CoreProgram taker = program();
  taker.queues[kUnit] = {work(3, {kSharedFlags, 1})};
  CHECK(walk({giver, taker}) == 10 * kCycle + kFlagLatency + 3 * kCycle);
  taker.queues[kUnit] = {work(3, {kSharedFlags, 8})};  // seven cores more, like the giver
  CHECK(walk({giver, taker}) == 10 * kCycle + kFlagLatency + 3 * kCycle);
}

TEST_CASE("a flag of two queues counts both") {
  CoreProgram one = program();
  one.queues[kLoad] = {move(1, {}, 0)};
  one.queues[kUnit] = {work(2, {}, 0), work(5, {0, 2})};
  const Ps loaded = 1000 + kMissLatency;
  // The second wait is for the unit's own raise and the load's.
  CHECK(walk({one}) == loaded + 5 * kCycle);
}

TEST_CASE("a walk knows when its milestone was reached") {
  const CoreProgram pipe = pipeline(4, 10, 20);
  memory::FairMemory memory(kL2, kHbm, 1e12, 1, 0);
  PipelineWalk walk(memory, kMissed, kFlagLatency);
  walk.add(kCore, pipe, {9, 9, 0});
  const Ps end = walk.run();
  CHECK(end - walk.end_of_milestone() == 20 * kCycle);
  CHECK(walk.instructions() == 20);
  CHECK(walk.activity().busy.at(RESOURCE_TENSOR) == 200);
}

TEST_CASE("a walk that cannot end says so") {
  CoreProgram pipe = program();
  pipe.queues[kUnit] = {work(1, {0, 1}, 1), work(1, {1, 1}, 0)};
  CHECK_THROWS_WITH(walk({pipe}), "tile program stuck: queue unit step 0");
}
