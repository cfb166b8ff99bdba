#pragma once

#include <filesystem>
#include <string>

#include "models/systems/replay.h"
#include "schema/rank_graph.h"

namespace reticle::study {

// A replay as .rtrace: a rank has a stream of compute and one or more of communication (what runs
// at the same time stands on streams of its own). Flows along dependencies, and to every member of
// a collective from what the rank that arrived last had done before. `result` needs its timeline.
// OutputError: the file.
void write_replay_trace(const std::filesystem::path& path, const std::string& system,
                        const RankGraphs& graphs, const systems::ReplayResult& result);

}  // namespace reticle::study
