#pragma once

#include <string>
#include <vector>

#include "models/systems/algorithm.h"
#include "schema/system.pb.h"

namespace reticle::systems {

// An algorithm with the protocol that carries it, and what it takes when all ranks start together.
struct CollectivePlan {
  std::string algorithm;  // "ring", with a library "ring/ll128"
  Pattern pattern = Pattern::kAll;
  std::vector<Leg> legs;
  NetworkCost network;
  double channels = 0;  // SMs or cores that it takes; without a library none
};

// Every way that the system's collective library has; without a library, every algorithm at the
// links' own rates and latencies.
std::vector<CollectivePlan> plans(const System& system, const fabric::Topology& topology,
                                  CommType comm, double bytes);

// The one that the library's tuner guesses to be the quickest, or, where it has none (and for pairs
// and barriers, which have one way), the one that is. The first of equals.
CollectivePlan quickest(const System& system, const fabric::Topology& topology, CommType comm,
                        double bytes);

}  // namespace reticle::systems
