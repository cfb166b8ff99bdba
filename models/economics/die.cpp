#include "models/economics/die.h"

#include <cmath>

#include "models/economics/spares.h"
#include "models/economics/textbook.h"

namespace reticle::economics {
namespace {

double patterned(const Process& process, double density) {
  return process.has_patterning()
             ? density * process.patterning().steps() / process.patterning().reference_steps()
             : density;
}

double systematic(const Process& process) {
  return process.systematic_yield() *
         (process.has_patterning()
              ? std::pow(process.patterning().overlay_yield(), process.patterning().overlays())
              : 1);
}

// Independent layers, each with its own gamma-distributed density.
double layered_yield(const Die& die, const Process& process) {
  const double area = die.width() * die.height();
  double yield = systematic(process);
  for (const Layer& layer : process.layers()) {
    yield *= defect_free(
        {YIELD_LAW_NEGATIVE_BINOMIAL, layer.clustering(), 1},
        area * patterned(process, layer.defect_density()) * layer.critical_area_ratio());
  }
  return yield;
}

// Mean over the dies of a wafer of a function of the defects.
template <class Function>
double over_wafer(const Process& process, const DiePlan& plan, Function yield) {
  Defects here = defects(process);
  if (plan.radial.empty()) {
    return yield(here);
  }
  const double mean = here.density;
  double sum = 0;
  for (const double factor : plan.radial) {
    here.density = mean * factor;
    sum += yield(here);
  }
  return sum / static_cast<double>(plan.radial.size());
}

// What passes wafer test and is bad all the same.
double escapes(const Process& process, double yield) {
  if (process.probe_coverage() == 1 || process.escape_law() == ESCAPE_LAW_UNSPECIFIED) {
    return 0;
  }
  return process.escape_law() == ESCAPE_LAW_PER_DIE
             ? escapes_per_die(yield, process.probe_coverage())
             : escapes_per_defect(yield, process.probe_coverage());
}

std::vector<double> radial_factors(const Radial& radial, const std::vector<DiePosition>& dies,
                                   double radius) {
  std::vector<double> factors;
  double sum = 0;
  for (const DiePosition& die : dies) {
    const double share = std::hypot(die.x, die.y) / radius;
    factors.push_back(1 + radial.slope() * std::pow(share, radial.exponent()));
    sum += factors.back();
  }
  for (double& factor : factors) {
    factor *= static_cast<double>(dies.size()) / sum;
  }
  return factors;
}

}  // namespace

DieDesign die_design(const Die& die) {
  DieDesign design;
  design.area = die.width() * die.height();
  design.core_share = die.core_share();
  design.cores = static_cast<int>(die.cores());
  design.cores_needed = static_cast<int>(die.cores_needed());
  design.groups = std::max(1, static_cast<int>(die.groups()));
  design.groups_needed = static_cast<int>(die.groups_needed());
  design.group_minimum = static_cast<int>(die.cores_needed_a_group());
  for (const Block& block : die.blocks()) {
    design.blocks.push_back({block.area_share() * design.area, static_cast<int>(block.count()),
                             static_cast<int>(block.needed()), static_cast<int>(block.repairs())});
  }
  return design;
}

Defects defects(const Process& process) {
  Defects defects;
  defects.density = patterned(process, process.defect_density());
  defects.law.law =
      process.yield_law() == YIELD_LAW_UNSPECIFIED ? YIELD_LAW_POISSON : process.yield_law();
  defects.law.clustering = process.clustering();
  defects.law.layers = static_cast<int>(process.critical_layers());
  defects.critical_area_ratio = process.critical_area_ratio();
  defects.systematic_yield = systematic(process);
  return defects;
}

WaferGrid wafer_grid(const Die& die, const Process& process) {
  WaferGrid grid;
  grid.wafer_diameter = process.wafer_diameter();
  grid.edge_exclusion = process.edge_exclusion();
  grid.scribe = process.scribe();
  grid.die_width = die.width();
  grid.die_height = die.height();
  grid.notch = process.notch();
  return grid;
}

DiePlan plan_dies(const Die& die, const Process& process) {
  const WaferGrid grid = wafer_grid(die, process);
  DiePlan plan;
  if (die.has_reported_dies_per_wafer()) {
    plan.dies_per_wafer = die.reported_dies_per_wafer();
  } else if (process.counting() == COUNTING_DE_VRIES) {
    plan.dies_per_wafer = dies_de_vries(grid.wafer_diameter, die.width() * die.height());
  } else if (process.counting() == COUNTING_CHIPLET_ACTUARY) {
    plan.dies_per_wafer = dies_chiplet_actuary(grid.wafer_diameter, die.width() * die.height(),
                                               grid.scribe, grid.edge_exclusion);
  } else {
    plan.positions = place_dies(grid);
    plan.dies_per_wafer = static_cast<double>(plan.positions.size());
  }
  if (process.has_radial()) {
    plan.radial = radial_factors(process.radial(), plan.positions, grid.wafer_diameter / 2);
  }
  // A die may be printed either way up.
  const bool upright = die.width() <= process.field_width() || die.height() > process.field_width();
  plan.field =
      plan_fields(grid, plan.positions, upright ? process.field_width() : process.field_height(),
                  upright ? process.field_height() : process.field_width());
  return plan;
}

DieCost die_cost(const Die& die, const Process& process, const DiePlan& plan) {
  DieCost cost;
  if (die.has_reported_yield()) {
    cost.yield = die.reported_yield();
  } else if (process.layers_size() > 0) {
    cost.yield = layered_yield(die, process);
  } else {
    const DieDesign design = die_design(die);
    cost.yield =
        over_wafer(process, plan, [&](const Defects& here) { return die_yield(design, here); });
  }
  cost.yield *= die.has_stitch_yield() ? die.stitch_yield() : 1;
  cost.escapes = escapes(process, cost.yield);
  cost.usd_per_good =
      (process.wafer_cost() + process.wafer_test_cost()) / (plan.dies_per_wafer * cost.yield);
  return cost;
}

std::vector<double> die_bins(const Die& die, const Process& process, const DiePlan& plan) {
  std::vector<int> cores = {static_cast<int>(die.cores_needed())};
  for (const Bin& bin : die.bins()) {
    cores.push_back(static_cast<int>(bin.cores_needed()));
  }
  const DieDesign design = die_design(die);
  std::vector<double> shares;
  for (std::size_t i = 0; i < cores.size(); ++i) {
    shares.push_back(over_wafer(
        process, plan, [&](const Defects& here) { return bin_shares(design, here, cores)[i]; }));
  }
  return shares;
}

double die_carbon(const Die& die, const Process& process, double yield) {
  const FabCarbon& fab = process.carbon();
  return die.width() * die.height() * (fab.grid() * fab.energy() + fab.gases() + fab.materials()) /
         yield;
}

}  // namespace reticle::economics
