#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "models/chips/streams.h"

namespace reticle::systems {

// Tasks of every rank; the n-th task of all ranks is one node of the same graph. Where `meets` is
// set on it, the ranks meet: it starts when the last of them has arrived.
using RankTasks = std::vector<std::vector<const chips::StreamTask*>>;

// Bodies of a meeting's task by rank, asked for once, when the last rank has arrived. They are kept
// by the caller until the run is over.
using MeetingBodies = std::function<const std::vector<chips::StreamTask>&(std::size_t task)>;

struct RankSpan {
  engine::Ps arrival = 0;  // of a meeting: its lead is over
  engine::Ps start = 0;
  engine::Ps end = 0;
};

struct RankUse {
  engine::Ps kernels_ps = 0;   // of all streams, so that it may be more than the whole time
  engine::Ps transfer_ps = 0;  // meetings, from the arrival of the last rank on
  engine::Ps waiting_ps = 0;   // for that arrival
  engine::Ps awaited_ps = 0;   // sum over ranks that waited for this one, the last to arrive
  std::int64_t last_at = 0;    // meetings it was the last to arrive at, with others waiting
  engine::Ps end_ps = 0;
};

struct JointRun {
  engine::Ps end_ps = 0;
  std::size_t straggler = 0;  // the rank others waited for the longest
  std::vector<RankUse> ranks;
  std::vector<std::vector<RankSpan>> spans;  // [rank][task]
  std::vector<std::size_t> last;             // of a meeting's task: the rank that arrived last
};

// Runs all ranks together, each with its own streams and shared resources (chips::StreamRun).
JointRun run_jointly(const RankTasks& tasks, const std::vector<Resource>& resources,
                     const MeetingBodies& bodies);

// One rank of a finished run again, with what held it back: every meeting starts when it did.
std::vector<chips::TaskSpan> retell_rank(const RankTasks& tasks,
                                         const std::vector<Resource>& resources,
                                         const JointRun& run, std::size_t rank,
                                         const MeetingBodies& bodies);

// What held back the critical path, by Resource: from the end of the rank that ends last back
// through what each task waited for, and at a meeting to the rank that arrived last.
std::vector<engine::Ps> held_on_critical_path(const RankTasks& tasks,
                                              const std::vector<Resource>& resources,
                                              const JointRun& run, const MeetingBodies& bodies);

}  // namespace reticle::systems
