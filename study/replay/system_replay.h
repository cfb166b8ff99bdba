#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "models/systems/replay.h"
#include "schema/system.pb.h"

namespace reticle::study {

// `trace replay DIR --system S`: one Chakra trace a rank, run on a machine.
struct SystemReplay {
  std::string system;
  systems::ReplayResult result;
};

// Compute nodes take the time that the trace gives them; the machine times the communication.
// `trace`: where to write it as .rtrace; empty: nowhere. UsageError, InputError: as
// traces::chakra_files, rank_graphs and systems::replay. OutputError: `trace`.
SystemReplay replay_on(const System& system, std::int64_t ranks_per_package,
                       const std::filesystem::path& dir, const std::filesystem::path& trace = {});

// What this process took so far; not part of the result.
struct ProcessCost {
  double wall_s = 0;
  double peak_mb = 0;
};

// `wall_s` is the caller's; the peak is the process's resident memory.
ProcessCost process_cost(double wall_s);

// ranks nodes simulated_ms wall_s peak_mb, and what the ranks waited for and which links were hot.
nlohmann::ordered_json to_json(const SystemReplay& replay, const ProcessCost& cost);
std::string to_text(const SystemReplay& replay, const ProcessCost& cost);

}  // namespace reticle::study
