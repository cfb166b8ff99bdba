#include "models/systems/all_reduce.h"

#include <algorithm>
#include <vector>

namespace reticle::systems {
namespace {

// Edges of the ring by tier.
std::vector<std::int64_t> ring_edges(const fabric::Topology& topology) {
  const std::int64_t ranks = topology.placement().ranks;
  std::vector<std::int64_t> edges(topology.tiers());
  for (std::int64_t rank = 0; rank < ranks; ++rank) {
    ++edges[topology.tier_between(rank, (rank + 1) % ranks)];
  }
  return edges;
}

// A chunk passes n-1 edges to be summed and n-1 to be spread; the slowest skips the quickest edge.
std::int64_t ring_latency_ps(const fabric::Topology& topology,
                             const std::vector<std::int64_t>& edges) {
  std::int64_t around = 0;
  std::vector<std::int64_t> used;
  for (std::size_t tier = 0; tier < edges.size(); ++tier) {
    if (edges[tier] > 0) {
      around += edges[tier] * topology.latency_ps(tier);
      used.push_back(topology.latency_ps(tier));
    }
  }
  return 2 * (around - *std::min_element(used.begin(), used.end()));
}

}  // namespace

AllReduceCost ring_all_reduce(const fabric::Topology& topology, double bytes) {
  const auto ranks = static_cast<double>(topology.placement().ranks);
  const std::vector<std::int64_t> edges = ring_edges(topology);
  std::vector<Leg> legs;
  for (std::size_t tier = 0; tier < edges.size(); ++tier) {
    if (edges[tier] > 0) {
      const double sent = 2 * (ranks - 1) / ranks * bytes;
      legs.push_back({tier, sent * static_cast<double>(edges[tier]) / ranks, 1});
    }
  }
  AllReduceCost out{push(topology, legs), "ring"};
  out.network.latency_ps = ring_latency_ps(topology, edges);
  return out;
}

AllReduceCost one_shot_all_reduce(const fabric::Topology& topology, double bytes) {
  return {push_to_all(topology, bytes), "one_shot"};
}

AllReduceCost all_reduce(const fabric::Topology& topology, double bytes) {
  AllReduceCost ring = ring_all_reduce(topology, bytes);
  AllReduceCost one_shot = one_shot_all_reduce(topology, bytes);
  return one_shot.network.total_ps() < ring.network.total_ps() ? one_shot : ring;
}

}  // namespace reticle::systems
