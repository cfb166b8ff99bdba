#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/systems/algorithm.h"

namespace reticle::systems {

// What pair by pair adds to a transfer where ranks are not alike (faults, uneven expert loads).
struct Uneven {
  std::int64_t finish_ps = 0;
  std::string bound_resource;  // limits the flow that ends last
};

// Every rank's legs, pair by pair under max-min sharing, over links as faults leave them.
Uneven run_pairs(const fabric::Topology& every_rank, Pattern pattern, const std::vector<Leg>& legs);

}  // namespace reticle::systems
