#pragma once

#include <string>
#include <vector>

#include "models/economics/die.h"
#include "models/economics/supply.h"
#include "models/economics/uncertainty.h"
#include "schema/config/catalog.h"

namespace reticle::study {

// A supply scenario with the chip it is about.
struct SupplyInputs {
  config::Loaded<Supply> supply;
  config::Loaded<Chip> chip;
  config::Loaded<Process> process;
  economics::DiePlan plan;
};

// UsageError: no such scenario; ConfigError: a demand without packages or money, a process age
// without a learning curve, a yield over 1, what die_check refuses.
SupplyInputs load_supply(config::Catalog& catalog, const std::string& name);

// One year at the present inputs.
struct YearOutcome {
  economics::YearMeans means;
  economics::YearSupply supply;
  std::vector<double> demands;  // packages, in the order of the config
};

// All years in order; dies and stacks that one leaves over are the next one's stock.
std::vector<YearOutcome> supply_years(const SupplyInputs& inputs);

// The numbers that may vary.
void add_supply_inputs(SupplyInputs& inputs, economics::UncertainInputs& uncertain);

}  // namespace reticle::study
