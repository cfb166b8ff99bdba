#pragma once

#include <cstdint>
#include <vector>

#include "workloads/traces/recording.h"

namespace reticle::traces {

// A host call that launches or waits, or what runs on a device. It starts after the task before it
// in its lane has ended, after the call that launched it has started, and after all it waits for
// have ended. A call that synchronises starts on its own and ends after those have.
struct LaunchTask {
  std::uint32_t slice = 0;       // of the recording
  std::uint32_t lane = 0;        // a host thread or a stream: index of LaunchGraph::lanes
  std::uint32_t before = kNone;  // task before it in the lane
  std::uint32_t launch = kNone;  // task of the call that launched it
  std::uint32_t first_wait = 0;  // in LaunchGraph::waits
  std::uint32_t waits = 0;
  bool device = false;
  bool synchronises = false;
};

// Who waits for whom in a recording, from what profilers write down: order of calls and streams,
// correlation of launch and kernel, synchronising calls. Kineto does not say which event a
// cudaStreamWaitEvent waits for, so that is inferred from the order of launches and from starts:
// durations are never looked at. Tasks are in order of their start; all they refer to comes before.
struct LaunchGraph {
  std::vector<LaunchTask> tasks;
  std::vector<std::uint32_t> waits;  // tasks
  std::vector<std::uint32_t> lanes;  // tracks of the recording
  std::uint64_t event_waits = 0;     // cudaStreamWaitEvent calls
  std::uint64_t event_edges = 0;     // dependencies between streams inferred from them
  std::uint64_t host_waits = 0;      // calls that wait for the device
  std::uint64_t unlaunched = 0;      // on a device, without a call in the recording
};

LaunchGraph launch_graph(const Recording& recording);

}  // namespace reticle::traces
