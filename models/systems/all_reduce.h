#pragma once

#include <string>

#include "models/systems/network.h"

namespace reticle::systems {

struct AllReduceCost {
  NetworkCost network;
  std::string algorithm;  // ring or one_shot
};

// Ring (reduce-scatter, then all-gather: 2 (n-1)/n of the buffer leaves each rank; Patarasuk and
// Yuan, JPDC 2009). In packed order, with as many rings as a node has ranks where it spans tiers,
// each leaving package and node by another rank, so every rank carries the same share of each tier.
AllReduceCost ring_all_reduce(const fabric::Topology& topology, double bytes);

// One shot: every rank pushes its whole buffer to every other and sums what arrives.
AllReduceCost one_shot_all_reduce(const fabric::Topology& topology, double bytes);

// The cheaper of the two. The sums themselves are core work and not in here.
AllReduceCost all_reduce(const fabric::Topology& topology, double bytes);

}  // namespace reticle::systems
