#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/economics/die.h"
#include "models/economics/operation.h"
#include "models/economics/uncertainty.h"
#include "schema/config/catalog.h"

namespace reticle::economics {

// What serves, where, and how fast.
struct Deployment {
  std::string name;                                // of the scenario
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

// The numbers of a deployment that its cost reads and that may vary.
void add_inputs(Deployment& deployment, UncertainInputs& inputs);

// The numbers of a package and its process that its cost reads and that may vary. `process` may be
// nullptr. A die's outline and the wafer do not vary: the placement is done once.
void add_package_inputs(config::Loaded<Chip>& chip, config::Loaded<Process>* process,
                        UncertainInputs& inputs);

// A number of a deployment by the path that --set takes (`chips.NAME.`, `processes.NAME.`,
// `systems.NAME.`, `sites.NAME.` or `site.` before it), with the range the schema allows: up to
// twenty times its value where that sets no end. std::domain_error: no such number, or not one that
// can vary.
struct Number {
  Field field;
  std::string unit;
  double now = 0;
  double low = 0;
  double high = 0;
  void write(double value) const;
};
Number number_at(Deployment& deployment, const std::string& path);

}  // namespace reticle::economics
