#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/systems/network.h"
#include "schema/rank_graph.h"

namespace reticle::systems {

// Whom a rank's legs go to: every peer of the tier, or the next rank of a ring in it.
enum class Pattern { kAll, kNext };

// A collective's data movement from one rank's view, whatever protocol carries it.
struct Algorithm {
  std::string name;
  Pattern pattern = Pattern::kAll;
  std::vector<Leg> legs;           // payload over the whole collective
  std::vector<std::int64_t> hops;  // by tier, one after the other: the way of one byte
  double chunk = 0;                // bytes a rank sends in one step
  double steps = 1;                // such steps
  bool in_switch = false;
  double buffer = 0;  // what `comm`'s bytes count
};

// The ways to do `comm` over the ranks of a topology, by the names in CollectiveLibrary.algorithms.
// `bytes` as GraphNode::bytes counts them. Sums are core work and not in here.
//   ring: Patarasuk and Yuan, JPDC 2009; as many rings as a node has ranks where it spans tiers,
//   each
//     leaving package and node by another rank, so that every rank carries the same share.
//   tree: a chain in each node, a binary tree over nodes, reduced and broadcast in a pipeline.
//   hierarchical: reduce-scatter in the node, all-reduce of the shards across, all-gather.
//   direct: every rank sends every other its part; one_shot: its whole buffer.
//   in_switch: switches sum what they read and multicast the result (NVLS); in_switch_tree: the
//     same in each node, and two binary trees over nodes, a rank's share of the buffer each.
std::vector<Algorithm> algorithms(const fabric::Topology& topology, CommType comm, double bytes);

}  // namespace reticle::systems
