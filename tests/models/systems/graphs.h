#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/rank_graph.h"
#include "schema/system.pb.h"
#include "tests/models/systems/toy_systems.h"

// Rank graphs written by hand.
namespace reticle::systems {

constexpr std::int64_t kUs = 1'000'000;

// One switch, 400 GB/s and 936.25 ns a port: the network of bench-switch.
inline System one_switch(std::int64_t ranks) {
  System system;
  system.set_name("switch");
  system.set_nodes(static_cast<std::uint32_t>(ranks));
  system.set_packages_per_node(1);
  add_tier(system, "switch", SCOPE_SYSTEM, "switch", 400e9, 1872.5e-9);
  return system;
}

inline std::vector<std::int32_t> first_ranks(std::int32_t count) {
  std::vector<std::int32_t> out;
  for (std::int32_t rank = 0; rank < count; ++rank) {
    out.push_back(rank);
  }
  return out;
}

inline RankGraphs graphs_of(std::int32_t ranks) {
  RankGraphs out;
  out.names = {"node"};
  out.groups = {first_ranks(ranks)};
  out.ranks.resize(static_cast<std::size_t>(ranks));
  return out;
}

inline void append(RankGraph& graph, GraphNode node, const std::vector<std::uint32_t>& after) {
  node.first_dependency = static_cast<std::uint32_t>(graph.dependencies.size());
  node.dependencies = static_cast<std::uint32_t>(after.size());
  graph.dependencies.insert(graph.dependencies.end(), after.begin(), after.end());
  graph.nodes.push_back(node);
}

inline GraphNode compute(std::int64_t duration_ps) {
  GraphNode node;
  node.duration_ps = duration_ps;
  return node;
}

inline GraphNode collective(CommType comm, std::int64_t bytes, std::uint32_t group = 0) {
  GraphNode node;
  node.work = Work::kCollective;
  node.comm = comm;
  node.bytes = bytes;
  node.group = group;
  return node;
}

inline GraphNode message(Work work, std::int32_t peer, std::int64_t bytes, std::int32_t tag = 0) {
  GraphNode node;
  node.work = work;
  node.peer = peer;
  node.tag = tag;
  node.bytes = bytes;
  return node;
}

// Every node waits for the one before it.
inline void chain(RankGraph& graph, const std::vector<GraphNode>& nodes) {
  for (const GraphNode& node : nodes) {
    const auto count = static_cast<std::uint32_t>(graph.nodes.size());
    append(graph, node, count == 0 ? std::vector<std::uint32_t>{} : std::vector{count - 1});
  }
}

// The benchmark of bench/chakra_traces.py: layers of compute and two all-to-alls.
inline RankGraphs layered(std::int32_t ranks, int layers, std::int64_t compute_ps,
                          std::int64_t bytes) {
  RankGraphs out = graphs_of(ranks);
  for (RankGraph& graph : out.ranks) {
    for (int i = 0; i < 2 * layers; ++i) {
      chain(graph, {compute(compute_ps), collective(CommType::kAllToAll, bytes)});
    }
  }
  return out;
}

}  // namespace reticle::systems
