#include <catch2/catch.hpp>
#include <deque>
#include <random>

#include "models/systems/joint_run.h"

using namespace reticle;
using namespace reticle::systems;
using chips::StreamTask;
using engine::Ps;

namespace {

const std::vector<Resource> kKinds = {RESOURCE_UNSPECIFIED, RESOURCE_HBM};

StreamTask task(std::size_t stream, Ps alone, std::vector<std::size_t> after = {},
                bool meets = false, double hbm = 0) {
  StreamTask out;
  out.stream = stream;
  out.after = std::move(after);
  out.alone = alone;
  out.bound_by = RESOURCE_TENSOR;
  out.demands = {{1, hbm}};
  out.meets = meets;
  return out;
}

RankTasks pointers(const std::vector<std::vector<StreamTask>>& ranks) {
  RankTasks out;
  for (const std::vector<StreamTask>& tasks : ranks) {
    out.emplace_back();
    for (const StreamTask& one : tasks) {
      out.back().push_back(&one);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("a meeting starts when its last rank has arrived, and each rank leaves when it is done") {
  const std::vector<std::vector<StreamTask>> ranks = {
      {task(0, 100), task(0, 0, {}, true), task(0, 10)},
      {task(0, 300), task(0, 0, {}, true), task(0, 10)},
      {task(0, 200), task(0, 0, {}, true), task(0, 10)}};
  const std::vector<StreamTask> bodies = {task(0, 50), task(0, 60), task(0, 70)};
  const JointRun run = run_jointly(
      pointers(ranks), kKinds, [&](std::size_t) -> const auto& { return bodies; });
  CHECK(run.end_ps == 380);
  CHECK(run.straggler == 1);
  CHECK(run.ranks[1].awaited_ps == 200 + 100);
  CHECK(run.ranks[1].last_at == 1);
  CHECK(run.ranks[0].waiting_ps == 200);
  CHECK(run.ranks[0].transfer_ps == 50);
  CHECK(run.ranks[0].kernels_ps == 110);
  CHECK(run.spans[2][1].arrival == 200);
  CHECK(run.spans[2][1].start == 300);
  CHECK(run.spans[2][1].end == 370);
}

TEST_CASE("another stream runs on while a rank waits, and shares memory with the meeting") {
  // Stream 1 meets at 0 and waits until 100; its body then wants all of HBM beside stream 0.
  const std::vector<std::vector<StreamTask>> same = {
      {task(0, 200, {}, false, 1), task(1, 0), task(1, 0, {1}, true)},
      {task(0, 0), task(1, 100), task(1, 0, {1}, true)}};
  const std::vector<StreamTask> bodies = {task(1, 50, {}, false, 1), task(1, 50, {}, false, 1)};
  const JointRun run = run_jointly(
      pointers(same), kKinds, [&](std::size_t) -> const auto& { return bodies; });
  CHECK(run.spans[0][2].start == 100);
  CHECK(run.spans[0][2].end == 200);  // at half speed
  CHECK(run.spans[0][0].end == 250);
  CHECK(run.spans[1][2].end == 150);
}

TEST_CASE("equal ranks run as one does alone, and a rank retold is the rank") {
  std::mt19937_64 random(7);
  std::vector<StreamTask> tasks;
  for (std::size_t i = 0; i < 60; ++i) {
    std::vector<std::size_t> after;
    if (i > 4 && random() % 3 == 0) {
      after = {i - 1 - random() % 4};
    }
    tasks.push_back(task(random() % 2, static_cast<Ps>(1 + random() % 1000), after, i % 7 == 6,
                         static_cast<double>(random() % 100) / 100));
    tasks.back().lead = static_cast<Ps>(random() % 50);
  }
  std::vector<StreamTask> alone = tasks;
  for (StreamTask& one : alone) {
    one.meets = false;
  }
  std::deque<std::vector<StreamTask>> bodies;
  std::vector<const std::vector<StreamTask>*> by_task(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    bodies.emplace_back(3, tasks[i]);
    by_task[i] = &bodies.back();
  }
  const std::vector<std::vector<StreamTask>> three(3, tasks);
  const RankTasks kept = pointers(three);
  const MeetingBodies meeting = [&](std::size_t i) -> const auto& { return *by_task[i]; };
  const JointRun run = run_jointly(kept, kKinds, meeting);
  const std::vector<chips::TaskSpan> once = chips::run_streams(alone, kKinds);
  const std::vector<chips::TaskSpan> retold = retell_rank(kept, kKinds, run, 1, meeting);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    CHECK(run.spans[2][i].end == once[i].end);
    CHECK(run.spans[0][i].end == once[i].end);
    CHECK(retold[i].end == once[i].end);
    CHECK(retold[i].start == once[i].start);
  }
  CHECK(run.ranks[1].waiting_ps == 0);
}

TEST_CASE("the critical path goes from rank to rank, over whom each meeting waited for") {
  // Rank 1 is last at the first meeting, rank 0 at the second; rank 0's meeting is the longer one.
  std::vector<std::vector<StreamTask>> ranks = {
      {task(0, 100), task(0, 0, {}, true), task(0, 500), task(0, 0, {}, true), task(0, 10)},
      {task(0, 300), task(0, 0, {}, true), task(0, 20), task(0, 0, {}, true), task(0, 70)}};
  for (std::vector<StreamTask>& rank : ranks) {
    for (StreamTask& one : rank) {
      one.lead = 1;
    }
  }
  std::vector<StreamTask> bodies = {task(0, 50), task(0, 40)};
  for (StreamTask& body : bodies) {
    body.bound_by = RESOURCE_LINK;
  }
  const RankTasks tasks = pointers(ranks);
  const MeetingBodies meeting = [&](std::size_t) -> const auto& { return bodies; };
  const JointRun run = run_jointly(tasks, kKinds, meeting);
  CHECK(run.last[1] == 1);
  CHECK(run.last[3] == 0);
  // 300 on rank 1, 50 and 500 on rank 0, then 40 and 70 on rank 1, and a launch before each.
  const std::vector<Ps> held = held_on_critical_path(tasks, kKinds, run, meeting);
  CHECK(held[RESOURCE_TENSOR] == 300 + 500 + 70);
  CHECK(held[RESOURCE_LINK] == 50 + 40);
  CHECK(held[RESOURCE_LAUNCH] == 5);
  CHECK(held[RESOURCE_SYNC] == 0);
  CHECK(run.end_ps == 300 + 500 + 70 + 50 + 40 + 5);
}
