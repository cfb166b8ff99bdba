#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>
#include <random>

#include "models/chips/streams.h"

using namespace reticle;
using namespace reticle::chips;
using engine::Ps;

namespace {

const std::vector<Resource> kKinds = {RESOURCE_UNSPECIFIED, RESOURCE_HBM, RESOURCE_LINK};

// Random tasks on three streams, hanging on earlier ones only. Of every other seed's they say what
// waiting for memory costs them.
std::vector<StreamTask> random_tasks(std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto below = [&random](std::uint32_t n) {
    return static_cast<std::uint32_t>(random() % n);
  };
  std::vector<StreamTask> tasks;
  for (std::size_t i = 0; i < 60; ++i) {
    StreamTask task;
    task.stream = below(3);
    task.lead = below(2) * 1500;
    task.alone = below(5) == 0 ? 0 : below(1000000);
    task.bound_by = RESOURCE_TENSOR;
    for (std::size_t r = 0; r < kKinds.size(); ++r) {
      task.demands.push_back({r, below(101) / 100.0});
      if (kKinds[r] == RESOURCE_HBM && seed % 2 == 0) {
        task.demands.back().backlog = below(100000);
        task.demands.back().stretch = {{50000 + below(100000), 1},
                                       {400000, 1 + below(300) / 100.0}};
      }
    }
    for (std::uint32_t d = below(3); d > 0 && i > 0; --d) {
      task.after.push_back(below(static_cast<std::uint32_t>(i)));
    }
    tasks.push_back(task);
  }
  return tasks;
}

}  // namespace

TEST_CASE("the critical path spans the whole time without a gap") {
  for (std::uint32_t seed = 1; seed <= 50; ++seed) {
    const auto spans = run_streams(random_tasks(seed), kKinds);
    Ps makespan = 0;
    for (const TaskSpan& span : spans) {
      makespan = std::max(makespan, span.end);
    }
    Ps at = 0;
    for (const std::size_t task : critical_path(spans)) {
      REQUIRE(spans[task].issue == at);
      at = spans[task].end;
    }
    REQUIRE(at == makespan);
  }
}

TEST_CASE("what held a task adds up to its span, and no task beats its time alone") {
  for (std::uint32_t seed = 1; seed <= 50; ++seed) {
    const auto tasks = random_tasks(seed);
    const auto spans = run_streams(tasks, kKinds);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      const auto& held = spans[i].held_by;
      REQUIRE(std::accumulate(held.begin(), held.end(), Ps{0}) == spans[i].end - spans[i].issue);
      REQUIRE(spans[i].start - spans[i].issue == tasks[i].lead);
      REQUIRE(spans[i].end - spans[i].start >= tasks[i].alone);
      for (const std::size_t before : tasks[i].after) {
        REQUIRE(spans[i].issue >= spans[before].end);
      }
    }
  }
}

TEST_CASE("no resource gives more than it has") {
  for (std::uint32_t seed = 1; seed <= 50; ++seed) {
    const auto tasks = random_tasks(seed);
    const auto spans = run_streams(tasks, kKinds);
    for (std::size_t r = 0; r < kKinds.size(); ++r) {
      double work = 0;
      Ps makespan = 0;
      for (std::size_t i = 0; i < tasks.size(); ++i) {
        work += static_cast<double>(tasks[i].alone) * tasks[i].demands[r].share;
        makespan = std::max(makespan, spans[i].end);
      }
      REQUIRE(work <= static_cast<double>(makespan) + 1);
    }
  }
}

TEST_CASE("the same tasks give the same spans") {
  const auto once = run_streams(random_tasks(7), kKinds);
  const auto again = run_streams(random_tasks(7), kKinds);
  for (std::size_t i = 0; i < once.size(); ++i) {
    CHECK(once[i].end == again[i].end);
    CHECK(once[i].held_by == again[i].held_by);
  }
}

TEST_CASE("of nothing there is no critical path") { CHECK(critical_path({}).empty()); }
