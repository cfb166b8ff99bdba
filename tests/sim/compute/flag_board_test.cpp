#include <catch2/catch.hpp>
#include <stdexcept>

#include "tests/sim/compute/toy.h"

using namespace reticle;
using namespace reticle::compute;

TEST_CASE("a flag is seen by another core exactly its latency later") {
  Toy toy(2);
  CoreProgram giver = program();
  giver.queues[kUnit] = {work(10, {}, kSharedFlags)};
  CoreProgram taker = program();
  taker.queues[kUnit] = {work(3, {kSharedFlags, 1})};
  CHECK(toy.run({giver, taker}, 1) == 10 * kCycle + kFlagLatency + 3 * kCycle);
  CHECK(toy.board.count(kSharedFlags) == 1);
}

TEST_CASE("a barrier lets nobody through before the last has come") {
  Toy toy(3);
  std::vector<CoreProgram> programs(3, program());
  const std::uint32_t arrive[] = {5, 40, 20};
  for (std::size_t i = 0; i < 3; ++i) {
    programs[i].queues[kUnit] = {work(arrive[i], {}, kSharedFlags), work(2, {kSharedFlags, 3})};
  }
  CHECK(toy.run(programs, 1) == 40 * kCycle + kFlagLatency + 2 * kCycle);
  CHECK(toy.board.count(kSharedFlags) == 3);
}

TEST_CASE("flags start at zero in every run") {
  Toy toy(2);
  CoreProgram giver = program();
  giver.queues[kUnit] = {work(1, {}, kSharedFlags)};
  CoreProgram taker = program();
  taker.queues[kUnit] = {work(1, {kSharedFlags, 1})};
  const engine::Ps first = toy.run({giver, taker}, 1);
  CHECK(toy.run({giver, taker}, 1) == first);
  giver.queues[kUnit] = {work(1)};
  toy.run({giver, taker}, 1);
  CHECK_FALSE(toy.all[1].finished());
}

TEST_CASE("a shared flag the program did not ask for is an error") {
  engine::EventQueue events("events");
  FlagBoard board(events, 1, 0);
  board.reset(2);
  CHECK(board.count(kSharedFlags + 1) == 0);
  CHECK_THROWS_AS(board.count(kSharedFlags + 2), std::logic_error);
  CHECK_THROWS_WITH(board.raise(kSharedFlags + 2, 0),
                    "flag raised that the program did not ask for");
}
