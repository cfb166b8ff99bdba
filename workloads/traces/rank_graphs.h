#pragma once

#include <cstdint>
#include <vector>

#include "schema/rank_graph.h"
#include "workloads/traces/chakra.h"

namespace reticle::traces {

// What one rank computes and moves in a second, for nodes that say operations and bytes instead of
// a time: the longer of the two counts (a roofline, as ASTRA-sim has it). 0: not known.
struct ComputeRate {
  double operations_per_s = 0;
  double bytes_per_s = 0;
};

struct ChakraGraphs {
  RankGraphs graphs;
  std::uint64_t compute_nodes = 0;
  std::uint64_t roofline_nodes = 0;  // of them, timed by operations and bytes
  std::uint64_t collective_nodes = 0;
  std::uint64_t pair_nodes = 0;  // sends and receives
  // Of the host, or metadata: they take no time here, only their dependencies count.
  std::uint64_t timeless_nodes = 0;
};

// The graphs of a trace, one a rank, for models/systems/replay.h. Nodes come out so that none waits
// for a later one, as near to file order as that allows. A collective without pg_name is of all
// ranks; the group of a pg_name is `comm_group.json` beside the trace ({"name": [ranks]}) or, where
// it is not there, the ranks with collectives of that name.
// InputError, naming file and nodes: a dependency that is not there, nodes that wait for each
// other, a peer that is no rank, a collective that the fabric does not model, compute nodes with
// neither time nor a rate for their work, times or sizes past 64 bits.
ChakraGraphs rank_graphs(const std::vector<ChakraTrace>& traces, const ComputeRate& rate);

}  // namespace reticle::traces
