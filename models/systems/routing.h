#pragma once

#include <cstdint>
#include <vector>

#include "schema/operator.pb.h"
#include "sim/fabric/topology.h"

namespace reticle::systems {

// Probability that a token's `topk` experts of `experts`, drawn without repetition, touch a given
// `held` of them (a share of an expert counts as such).
double touch_probability(std::int64_t experts, double held, std::int64_t topk);

// The same where a router picks `op`'s topk_groups of its groups first (DeepSeek-V3's node-limited
// routing), and `held` experts lie side by side. UsageError: groups that do not divide the experts,
// more of them picked than there are, or too few experts in them.
double touch_probability(const MoeTransfer& op, double held);

// How likely a token needs a rank, and a node, of a placement, by rank and by node.
struct Touched {
  std::vector<double> ranks;
  std::vector<double> nodes;
};

// `shares`: of all rows, by rank (their experts' loads).
Touched touched(const MoeTransfer& op, const fabric::Placement& placement,
                const std::vector<double>& shares);

}  // namespace reticle::systems
