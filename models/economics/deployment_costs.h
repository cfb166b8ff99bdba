#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/economics/basis.h"
#include "models/economics/deployment.h"
#include "schema/result.pb.h"

namespace reticle::economics {

// USD and kg of CO2e per million tokens of some deployments, and how they compare.
//   costs        by basis; a basis without its inputs is absent. `breakdown` is at the modes and
//   sums
//                to the point estimate, the quantiles come from the draws, the tornado moves one
//                input at a time.
//   comparisons  of every two that share a basis, draw by draw: deployments see the same draws of
//                what they share.
struct DeploymentCosts {
  std::vector<CostResult> costs;
  std::vector<CarbonResult> carbon;
  std::vector<Comparison> comparisons;
};

// ConfigError: a die that does not fit its wafer, more cores needed than there are.
// std::domain_error: a deployment without packages or tokens.
DeploymentCosts deployment_costs(std::vector<Deployment> deployments,
                                 const Uncertainty& uncertainty, uint64_t seed);
CostResult deployment_cost(const Deployment& deployment, uint32_t draws, uint64_t seed);

// The value of the number at `path` at which `changed` costs as much per token as `other`, all else
// at the modes; a number of both changes in both. std::domain_error: no such number, or one of them
// lacks the basis.
Inversion equal_cost(Deployment changed, Deployment other, Basis basis, const std::string& path);

}  // namespace reticle::economics
