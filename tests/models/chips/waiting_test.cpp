#include "models/chips/waiting.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace reticle;
using namespace reticle::chips;

namespace {

constexpr std::size_t kMemory = 1;

// Takes once more its time alone for every `patience` ps its requests wait: it keeps so many in
// flight as its rate needs for that long (Little's law).
Demand closed(double share, engine::Ps patience, engine::Ps backlog = 0) {
  return {kMemory, share, backlog, {{patience, 2}}};
}

std::vector<double> speeds(const std::vector<std::vector<Demand>>& tasks, double most = 1) {
  std::vector<Waiter> waiters;
  for (const std::vector<Demand>& demands : tasks) {
    waiters.push_back({&demands, most});
  }
  return speeds_in_queue(waiters, kMemory);
}

}  // namespace

// Of exponential waits of mean m, those over w exceed it by m in the mean and are exp(-w / m) of
// all.
TEST_CASE("what waiting costs is the mean of a broken line over exponential waits") {
  const std::vector<Stretch> stretch = {{1000, 1}, {2000, 1.5}};
  CHECK(times_at(stretch, 0) == 1);
  CHECK(times_at(stretch, -5) == 1);
  CHECK(times_at(stretch, 1000) == Approx(1 + 0.5 * std::exp(-1)));
  CHECK(times_at(stretch, 50) == Approx(1).epsilon(1e-6));
  const std::vector<Stretch> closed_loop = {{1000, 2}, {2000, 3}};
  CHECK(times_at(closed_loop, 500) == Approx(1.5));
  CHECK(times_at(closed_loop, 9000) == Approx(10));
  // Who hides 1,000 ps keeps no more in flight than that.
  CHECK(times_at({{1000, 1}}, 1e6) == Approx(1 + 1000 * std::exp(-0.001)));
}

// Requests keep their order, so bytes go out as they are in flight: 4,000 ps' worth beside 1,000.
// With a common wait w: 1 / (1 + w / 4000) + 1 / (1 + w / 1000) = 1, so w = 2000.
TEST_CASE("a full resource is shared as requests are in flight") {
  const auto both = speeds({{closed(1, 4000)}, {closed(1, 1000)}});
  CHECK(both[0] == Approx(2.0 / 3).epsilon(1e-6));
  CHECK(both[1] == Approx(1.0 / 3).epsilon(1e-6));
  const auto alike = speeds({{closed(1, 700)}, {closed(1, 700)}, {closed(1, 700)}});
  CHECK(alike[2] == Approx(1.0 / 3).epsilon(1e-6));
}

// The first never waits. v = w / 1000: v (1 - 0.25 / (1 + v)) = 1.
TEST_CASE("a resource that is not full makes its users wait for what the others keep waiting") {
  const std::vector<Demand> bursts = {{kMemory, 0.5, 1000, {{1000000, 1}}}};
  const auto both = speeds({bursts, {closed(0.25, 1000)}});
  const double v = (0.25 + std::sqrt(0.0625 + 4)) / 2;
  CHECK(both[0] == 1);
  CHECK(both[1] == Approx(1 / (1 + v)).epsilon(1e-3));
  CHECK(speeds({bursts})[0] == 1);  // its own requests are in its time
}

TEST_CASE("who has slack does not wait until it is used up") {
  const std::vector<Demand> slack = {{kMemory, 0.3, 0, {{2000, 1}, {4000, 2}}}};
  const std::vector<Demand> bursts = {{kMemory, 0.3, 150, {{1000000, 1}}}};
  CHECK(speeds({slack, bursts})[0] == Approx(1).epsilon(1e-4));
  CHECK(speeds({{closed(0.3, 2000)}, bursts})[0] < 0.95);
  const std::vector<Demand> longer = {{kMemory, 0.3, 4000, {{1000000, 1}}}};
  CHECK(speeds({slack, longer})[0] < 0.7);
}

TEST_CASE("who does not say what waiting costs it is as patient as the most patient who does") {
  const std::vector<Demand> silent = {{kMemory, 1}};
  const auto three = speeds({silent, {closed(0.5, 4000)}, {closed(0.5, 1000)}});
  CHECK(three[0] == Approx(three[1]));
  CHECK(three[2] < three[1]);
  const std::vector<Waiter> both = {{&silent, 1}, {&silent, 1}};
  CHECK_FALSE(queued(both, kMemory));
}

TEST_CASE("no queue gives more than there is, nobody is faster than alone, order does not matter") {
  std::mt19937_64 random(3);
  const auto below = [&random](std::uint64_t n) { return static_cast<engine::Ps>(random() % n); };
  for (int i = 0; i < 200; ++i) {
    std::vector<std::vector<Demand>> tasks;
    for (int t = 0; t < 4; ++t) {
      tasks.push_back(
          {closed(static_cast<double>(below(101)) / 100, 1 + below(1000000), below(500000))});
    }
    const auto once = speeds(tasks, 0.9);
    double asked = 0;
    for (std::size_t t = 0; t < tasks.size(); ++t) {
      asked += once[t] * tasks[t][0].share;
      REQUIRE(once[t] <= 0.9);
      REQUIRE(once[t] > 0);
    }
    REQUIRE(asked <= 1 + 1e-9);
    std::swap(tasks[0], tasks[3]);
    REQUIRE(speeds(tasks, 0.9)[3] == Approx(once[0]).epsilon(1e-5));
  }
}
