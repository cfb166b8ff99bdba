#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/economics/die.h"
#include "models/economics/operation.h"
#include "models/economics/uncertainty.h"
#include "schema/config/catalog.h"
#include "schema/result.pb.h"

namespace reticle::economics {

// What serves, where, and how fast.
struct Deployment {
  config::Loaded<Chip> chip;                       // what is bought, with its die and package
  std::optional<config::Loaded<Process>> process;  // of its die
  config::Loaded<System> system;
  config::Loaded<Site> site;
  int64_t packages = 0;
  int64_t nodes = 0;
  double watts_per_package = 0;  // average, simulated
  double tokens_per_s = 0;       // of the whole deployment
};

// The site of one scenario of a study, with its provenance. std::logic_error: no such scenario.
config::Loaded<Site> site_of(const config::Loaded<Study>& study, const std::string& scenario);

WallPower deployment_power(const Deployment& deployment);

// USD per million tokens on three bases that are never mixed (docs/cost.md):
//   build   modelled cost of dies, packages and servers; needs a process, a die and a package
//   price   list price of the package and its network; needs a price
//   rental  rent of the package, energy and hosting included in it; needs a rent
// A basis without its inputs is absent. `breakdown` is USD per million tokens by part with every
// input at its mode; its sum is the point estimate. The quantiles come from `draws` draws of the
// inputs with a range. ConfigError: a die that does not fit its wafer, more cores needed than there
// are. Deployments of one call see the same draws of what they share.
std::vector<CostResult> deployment_costs(std::vector<Deployment> deployments,
                                         const Uncertainty& uncertainty, uint64_t seed);
CostResult deployment_cost(const Deployment& deployment, uint32_t draws, uint64_t seed);

// USD an hour of the whole deployment in service, by basis. `build` needs a process, a die and a
// package, `price` a price, `rental` a rent.
double build_usd_per_hour(const Deployment& deployment, const DiePlan& plan);
double price_usd_per_hour(const Deployment& deployment);
double rental_usd_per_hour(const Deployment& deployment);

// The numbers of a deployment that its cost reads and that may vary.
void add_inputs(Deployment& deployment, UncertainInputs& inputs);

// The numbers of a package and its process that its cost reads and that may vary. `process` may be
// nullptr. A die's outline and the wafer do not vary: the placement is done once.
void add_package_inputs(config::Loaded<Chip>& chip, config::Loaded<Process>* process,
                        UncertainInputs& inputs);

}  // namespace reticle::economics
