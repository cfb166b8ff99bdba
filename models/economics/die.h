#pragma once

#include <vector>

#include "models/economics/placement.h"
#include "models/economics/yield.h"
#include "schema/chip.pb.h"
#include "schema/config/catalog.h"
#include "schema/process.pb.h"

namespace reticle::economics {

DieDesign die_design(const Die& die);
Defects defects(const Process& process);
WaferGrid wafer_grid(const Die& die, const Process& process);

// What of a die on its process depends on no uncertain number, so that it is done once.
struct DiePlan {
  double dies_per_wafer = 0;
  std::vector<DiePosition> positions;  // empty if the count is a formula's or a report's
  std::vector<double> radial;          // density of each die over the mean; empty without a profile
  FieldPlan field;
};
DiePlan plan_dies(const Die& die, const Process& process);

struct DieCost {
  double yield = 0;         // sellable share of the dies on a wafer
  double usd_per_good = 0;  // (wafer + wafer test) / (dies per wafer * yield)
  double escapes = 0;       // bad share of what passes wafer test
};
DieCost die_cost(const Die& die, const Process& process, const DiePlan& plan);

// Shares of the dies of a wafer that are this die's own bin and each of die.bins, in that order.
std::vector<double> die_bins(const Die& die, const Process& process, const DiePlan& plan);

// Refuses what cannot be made, at the place that says it: more cores or blocks needed than there
// are, blocks larger than the die, a die larger than the scanner's field without stitching, a law
// without its parameter, spares with a law that has none. ConfigError.
void check_die(const config::Loaded<Chip>& chip, const config::Loaded<Process>& process);

// check_die, plan_dies, and at least one die on the wafer. ConfigError.
DiePlan checked_plan(const config::Loaded<Chip>& chip, const config::Loaded<Process>& process);

// kg of CO2e of one good die as ACT counts them: area * (grid * energy + gases + materials) /
// yield; the package adds its own.
double die_carbon(const Die& die, const Process& process, double yield);

}  // namespace reticle::economics
