#include "models/economics/die.h"

#include "models/economics/placement.h"

namespace reticle::economics {

DieDesign die_design(const Die& die) {
  DieDesign design;
  design.area = die.width() * die.height();
  design.core_share = die.core_share();
  design.cores = static_cast<int>(die.cores());
  design.cores_needed = static_cast<int>(die.cores_needed());
  return design;
}

int dies_per_wafer(const Die& die, const Process& process) {
  WaferGrid grid;
  grid.wafer_diameter = process.wafer_diameter();
  grid.edge_exclusion = process.edge_exclusion();
  grid.scribe = process.scribe();
  grid.die_width = die.width();
  grid.die_height = die.height();
  return static_cast<int>(place_dies(grid).size());
}

DieCost die_cost(const Die& die, const Process& process, int dies_per_wafer) {
  DieCost cost;
  cost.yield = die_yield(die_design(die), process.defect_density(), process.systematic_yield());
  cost.usd_per_good =
      (process.wafer_cost() + process.wafer_test_cost()) / (dies_per_wafer * cost.yield);
  return cost;
}

}  // namespace reticle::economics
