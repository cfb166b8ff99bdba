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
  std::int64_t transfer_ps = 0;  // communication, from the last rank's arrival on
  std::int64_t waiting_ps = 0;   // from its own arrival to the last rank's
  std::int64_t awaited_ps = 0;   // what others waited for it, being the last to arrive
};

struct LinkUse {
  std::string name;        // "rdma injection 3"
  double bytes = 0;        // on the wire
  double utilisation = 0;  // of its rate, over the whole replay
};

// A node's life: a communication waits from `ready_ps` to `start_ps`.
struct NodeSpan {
  std::uint32_t rank = 0;
  std::uint32_t node = 0;
  std::int64_t ready_ps = 0;
  std::int64_t start_ps = 0;
  std::int64_t end_ps = 0;
};

struct ReplayResult {
  std::int64_t nodes = 0;
  std::int64_t end_ps = 0;
  std::vector<RankTimes> ranks;
  std::int64_t straggler = 0;   // the rank with the largest awaited_ps, the first of equals
  std::vector<LinkUse> links;   // that carried anything, the busiest first
  std::vector<NodeSpan> spans;  // if asked for, in order of end
};

struct ReplayOptions {
  std::string where;      // names the input in messages
  bool timeline = false;  // fill ReplayResult.spans
};

// Runs the graphs, rank r on the r-th die in use. Compute and communication of a rank run beside
// each other. UsageError: more ranks than the system has. InputError: a dependency on a node that
// is not there, nodes that never run (a cycle), communication that does not match.
ReplayResult replay(const System& system, std::int64_t ranks_per_package, const RankGraphs& graphs,
                    const ReplayOptions& options);

}  // namespace reticle::systems
