#include "models/chips/streams.h"

#include <catch2/catch.hpp>
#include <numeric>
#include <stdexcept>

using namespace reticle;
using namespace reticle::chips;
using engine::Ps;

namespace {

const std::vector<Resource> kKinds = {RESOURCE_UNSPECIFIED, RESOURCE_HBM, RESOURCE_L2};
enum Index : std::size_t { kCores, kHbm, kL2 };

StreamTask task(std::size_t stream, Ps alone, std::vector<Demand> demands = {},
                std::vector<std::size_t> after = {}, Ps lead = 0) {
  return {stream, std::move(after), lead, alone, RESOURCE_TENSOR, std::move(demands)};
}

Ps held(const TaskSpan& span, Resource resource) {
  return span.held_by[static_cast<std::size_t>(resource)];
}

}  // namespace

TEST_CASE("a task alone takes its time") {
  const auto spans = run_streams({task(0, 1000, {{kHbm, 1.0}}, {}, 30)}, kKinds);
  CHECK(spans[0].issue == 0);
  CHECK(spans[0].start == 30);
  CHECK(spans[0].end == 1030);
  CHECK(held(spans[0], RESOURCE_LAUNCH) == 30);
}

TEST_CASE("a stream runs in order, lead and body") {
  const auto spans =
      run_streams({task(0, 100, {}, {}, 7), task(0, 50, {}, {}, 7), task(0, 0)}, kKinds);
  CHECK(spans[0].end == 107);
  CHECK(spans[1].issue == 107);
  CHECK(spans[1].start == 114);
  CHECK(spans[1].end == 164);
  CHECK(spans[2].end == 164);
  CHECK(spans[2].waited_for == 1);
}

TEST_CASE("tasks that want all of a resource take turns: twice and thrice the time, exactly") {
  for (const Ps alone : {Ps{1}, Ps{999}, Ps{1000000}, Ps{123456789}, Ps{84000000000}}) {
    std::vector<StreamTask> tasks = {task(0, alone, {{kHbm, 1.0}}), task(1, alone, {{kHbm, 1.0}})};
    for (const TaskSpan& span : run_streams(tasks, kKinds)) {
      CHECK(span.end == 2 * alone);
      CHECK(held(span, RESOURCE_HBM) == 2 * alone);
    }
    tasks.push_back(task(2, alone, {{kHbm, 1.0}}));
    for (const TaskSpan& span : run_streams(tasks, kKinds)) {
      CHECK(span.end == 3 * alone);  // a rate of 1/3 is not a double
    }
    for (std::size_t s = 3; s < 7; ++s) {
      tasks.push_back(task(s, alone, {{kHbm, 1.0}}));
    }
    for (const TaskSpan& span : run_streams(tasks, kKinds)) {
      CHECK(span.end == 7 * alone);
    }
  }
}

TEST_CASE("half and half fit beside each other, a hair more does not") {
  const auto fit =
      run_streams({task(0, 1000, {{kHbm, 0.5}}), task(1, 1000, {{kHbm, 0.5}})}, kKinds);
  CHECK(fit[0].end == 1000);
  CHECK(fit[1].end == 1000);
  CHECK(held(fit[0], RESOURCE_TENSOR) == 1000);  // HBM is full, but held nobody back
  const auto more =
      run_streams({task(0, 1000, {{kHbm, 0.5}}), task(1, 1000, {{kHbm, 0.51}})}, kKinds);
  CHECK(more[0].end == 1010);  // both at 1 / 1.01
  CHECK(more[1].end == 1010);
}

TEST_CASE("0.8 and 0.8 of a resource go at 1 / 1.6 each") {
  const auto spans =
      run_streams({task(0, 1000, {{kHbm, 0.8}}), task(1, 1000, {{kHbm, 0.8}})}, kKinds);
  CHECK(spans[0].end == 1600);
  CHECK(spans[1].end == 1600);
  CHECK(held(spans[0], RESOURCE_HBM) == 1600);
}

TEST_CASE("crowding costs what it must and no picosecond more") {
  for (int percent = 51; percent <= 100; ++percent) {  // 0.54, 0.65, ... are not doubles
    const Demand half = {kHbm, percent / 100.0};
    CHECK(run_streams({task(0, 1000, {half}), task(1, 1000, {half})}, kKinds)[1].end ==
          20 * percent);
  }
}

TEST_CASE("who does not use the crowded resource is not slowed") {
  const auto spans = run_streams(
      {task(0, 1000, {{kHbm, 1.0}}), task(1, 1000, {{kHbm, 1.0}}), task(2, 1000, {{kL2, 1.0}})},
      kKinds);
  CHECK(spans[0].end == 2000);
  CHECK(spans[2].end == 1000);
  CHECK(held(spans[2], RESOURCE_HBM) == 0);
}

TEST_CASE("a small user keeps its pace beside a large one as far as max-min gives it") {
  // Both rise together to 1 / 1.3; neither is at its cap.
  const auto spans =
      run_streams({task(0, 1000, {{kHbm, 1.0}}), task(1, 1000, {{kHbm, 0.3}})}, kKinds);
  CHECK(spans[0].end == 1300);
  CHECK(spans[1].end == 1300);
}

TEST_CASE("when the shorter task ends the longer one speeds up") {
  const auto spans =
      run_streams({task(0, 1000, {{kHbm, 1.0}}), task(1, 400, {{kHbm, 1.0}})}, kKinds);
  CHECK(spans[1].end == 800);
  CHECK(spans[0].end == 1400);  // 800 at half speed, 600 alone: work is conserved
  CHECK(held(spans[0], RESOURCE_HBM) == 800);
  CHECK(held(spans[0], RESOURCE_TENSOR) == 600);
}

TEST_CASE("cores that are partitioned run side by side, cores that are not take turns") {
  const auto apart =
      run_streams({task(0, 900, {{kCores, 2.0 / 3}}), task(1, 900, {{kCores, 1.0 / 3}})}, kKinds);
  CHECK(apart[0].end == 900);
  CHECK(apart[1].end == 900);
  const auto both = run_streams({task(0, 900, {{kCores, 1}}), task(1, 900, {{kCores, 1}})}, kKinds);
  CHECK(both[0].end == 1800);
  CHECK(held(both[0], RESOURCE_TENSOR) == 1800);  // held by what binds the kernel itself
}

TEST_CASE("a lead occupies the stream and nothing else") {
  const auto spans =
      run_streams({task(0, 1000, {{kHbm, 1.0}}), task(1, 500, {{kHbm, 1.0}}, {}, 1000)}, kKinds);
  CHECK(spans[0].end == 1000);
  CHECK(spans[1].start == 1000);
  CHECK(spans[1].end == 1500);
}

TEST_CASE("a task waits for its dependencies on other streams") {
  const auto spans = run_streams(
      {task(0, 300), task(1, 100), task(1, 50, {}, {0}, 10), task(0, 20, {}, {2})}, kKinds);
  CHECK(spans[2].issue == 300);
  CHECK(spans[2].waited_for == 0);
  CHECK(spans[2].start == 310);
  CHECK(spans[3].issue == 360);
  CHECK(spans[3].end == 380);
}

TEST_CASE("tasks that wait for each other are named") {
  CHECK_THROWS_WITH(run_streams({task(0, 10, {}, {1}), task(0, 10)}, kKinds),
                    "streams are stuck: task 0 waits for one that waits for it");
  CHECK_THROWS_WITH(run_streams({task(0, 10), task(1, 10, {}, {2}), task(2, 10, {}, {1})}, kKinds),
                    "streams are stuck: task 1 waits for one that waits for it");
  CHECK(run_streams({}, kKinds).empty());
}

TEST_CASE("cores go to who came first, and who comes later waits or takes what is left") {
  const auto on = [](std::size_t stream, Ps alone, double cores, Ps lead) {
    StreamTask out = task(stream, alone, {}, {}, lead);
    out.cores = cores;
    return out;
  };
  // Three quarters, then a half of the cores: half of that is free, until the first ends.
  const auto later = run_streams({on(0, 1000, 0.75, 0), on(1, 1000, 0.5, 100)}, kKinds);
  CHECK(later[0].end == 1000);
  CHECK(later[1].start == 100);
  CHECK(later[1].end == 1550);  // 900 at a half, 550 whole
  // Nothing is free: the second begins when the first ends, and its wait is part of its time.
  const auto after = run_streams({on(0, 1000, 1, 0), on(1, 400, 0.5, 100)}, kKinds);
  CHECK(after[0].end == 1000);
  CHECK(after[1].end == 1400);
  CHECK(held(after[1], RESOURCE_SYNC) == 900);
  // They fit, to the last core.
  const auto fit = run_streams({on(0, 1000, 112.0 / 132, 0), on(1, 1000, 20.0 / 132, 0)}, kKinds);
  CHECK(fit[0].end == 1000);
  CHECK(fit[1].end == 1000);
}

TEST_CASE("who has fewer cores takes less of everything else") {
  StreamTask first = task(0, 1000, {{kHbm, 0.5}});
  first.cores = 0.75;
  StreamTask second = task(1, 1000, {{kHbm, 1.0}}, {}, 1);
  second.cores = 0.5;  // gets half of that: half of HBM
  const auto spans = run_streams({first, second}, kKinds);
  CHECK(spans[0].end == 1000);
}
