#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/rank_graph.h"
#include "schema/system.pb.h"

namespace reticle::systems {

// What one rank did; times since the start of the replay.
struct RankTimes {
  std::int64_t end_ps = 0;       // its last node ended
  std::int64_t compute_ps = 0;   // compute nodes
  std::int64_t transfer_ps = 0;  // communication, from the last arrival on
  std::int64_t waiting_ps = 0;   // between its arrival at a collective and the last rank's
};

struct LinkUse {
  std::string name;  // "nic injection 3"
  double bytes = 0;
  double utilisation = 0;  // of the whole replay
};

struct ReplayResult {
  std::int64_t nodes = 0;
  std::int64_t end_ps = 0;
  std::vector<RankTimes> ranks;
  std::int64_t straggler = 0;      // the rank that others waited for longest
  std::vector<LinkUse> hot_links;  // the busiest first, at most eight
};

// Runs the graphs on the first ranks of a system. UsageError: more ranks than it has. InputError: a
// dependency on a later or missing node, a cycle, collectives of a group that do not match, a send
// without a receive; `where` names the input in the message.
ReplayResult replay(const System& system, std::int64_t ranks_per_package, const RankGraphs& graphs,
                    const std::string& where);

}  // namespace reticle::systems
