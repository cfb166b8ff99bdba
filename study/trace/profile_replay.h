#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "workloads/traces/recording.h"

namespace reticle::study {

// A step that the profiler marked (ProfilerStep#N), from its first launching call to its last.
struct ReplayedStep {
  std::string name;
  std::int64_t recorded_ps = 0;
  std::int64_t simulated_ps = 0;
};

// `trace replay FILE`: the recording as it was, through its launch graph.
struct ProfileReplay {
  std::uint32_t ranks = 1;
  std::uint64_t nodes = 0;
  std::int64_t recorded_ps = 0;  // first launching call or kernel to the last end
  std::int64_t simulated_ps = 0;
  std::vector<ReplayedStep> steps;
  std::uint64_t event_edges = 0;
  std::uint64_t contradicted = 0;  // inferred waits that the recording breaks: left out
};

ProfileReplay replay_profile(const traces::Recording& recording);

nlohmann::ordered_json to_json(const ProfileReplay& replay);
std::string to_text(const ProfileReplay& replay);

}  // namespace reticle::study
