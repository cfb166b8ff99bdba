#pragma once

#include <filesystem>

#include "models/systems/replay.h"
#include "schema/rank_graph.h"

namespace reticle::study {

// A replay as .rtrace: a rank has a stream of compute and one or more of communication (those at
// the same time stand on streams of their own), where "wait" is from its own arrival to the last
// rank's. Flows along dependencies. `result` needs its timeline. OutputError: the file.
void write_replay_trace(const std::filesystem::path& path, const std::string& system,
                        const RankGraphs& graphs, const systems::ReplayResult& result);

}  // namespace reticle::study
