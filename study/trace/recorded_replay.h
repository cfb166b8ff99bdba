#pragma once

#include <cstdint>
#include <vector>

#include "workloads/traces/launch_graph.h"
#include "workloads/traces/recording.h"

namespace reticle::study {

// When a task of a launch graph ran, and what it waited for last.
struct TaskTime {
  std::int64_t start_ps = 0;
  std::int64_t end_ps = 0;
  std::uint32_t held_by = traces::kNone;  // task
};

struct RecordedReplay {
  std::vector<TaskTime> times;   // as the graph's tasks
  std::int64_t recorded_ps = 0;  // first start to last end of the tasks, in the recording
  std::int64_t simulated_ps = 0;
  // Inferred waits that the recording itself breaks: left out.
  std::uint64_t contradicted = 0;
};

// Replays a recording as it was: every task keeps its duration and the time it took, in the
// recording, from the last thing it waited for to its start. `stretch[i]`, if given, multiplies the
// duration of task i: what waits for it then starts later. One pass, in order of start.
RecordedReplay replay_recorded(const traces::Recording& recording, const traces::LaunchGraph& graph,
                               const std::vector<double>& stretch = {});

// Tasks from the first to the one that ended last, each held by the one before.
std::vector<std::uint32_t> critical_path(const std::vector<TaskTime>& times);

}  // namespace reticle::study
