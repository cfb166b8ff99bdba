#include "study/supply/supply_inputs.h"

#include <cmath>

#include "models/economics/deployment.h"
#include "schema/errors.h"

namespace reticle::study {

namespace {

constexpr double kMonths = 12;

Location place(const config::Loaded<Supply>& supply, const std::string& path) {
  const auto found = supply.provenance.find(path);
  return found == supply.provenance.end() ? Location{"supply " + supply.message.name()}
                                          : found->second.at;
}

double yield_of(const SupplyInputs& inputs, const SupplyYear& year) {
  if (year.has_yield()) {
    return year.yield() * year.yield_factor();
  }
  Process process = inputs.process.message;
  if (year.has_process_age()) {
    const Learning& learning = process.learning();
    process.set_defect_density(economics::learned_density(
        learning.initial(), learning.final(), learning.time_constant(), year.process_age()));
  }
  return economics::die_cost(inputs.chip.message.die(), process, inputs.plan).yield *
         year.yield_factor();
}

double packages_of(const Demand& demand) {
  const double packages =
      demand.has_packages() ? demand.packages() : demand.money() / demand.price();
  return packages * demand.share();
}

void check_year(const SupplyInputs& inputs, const SupplyYear& year) {
  const std::string path = "years." + year.name() + ".";
  if (year.has_process_age() && !inputs.process.message.has_learning()) {
    throw ConfigError(place(inputs.supply, path + "process_age"),
                      "process " + inputs.process.message.name() + " has no `learning`",
                      "give its curve, or leave out process_age");
  }
  if (yield_of(inputs, year) > 1) {
    throw ConfigError(place(inputs.supply, path + "yield_factor"), "a yield over 1",
                      "yield times yield_factor is at most 1");
  }
  for (const Demand& demand : year.demands()) {
    if (demand.has_packages() == (demand.has_money() && demand.has_price())) {
      throw ConfigError(place(inputs.supply, path + "demands." + demand.name() + ".share"),
                        "demand `" + demand.name() + "` of " + year.name() +
                            " needs either packages, or money and price");
    }
  }
}

}  // namespace

SupplyInputs load_supply(config::Catalog& catalog, const std::string& name) {
  SupplyInputs inputs;
  catalog.set_subject("supply", name);
  inputs.supply = catalog.supply(name);
  inputs.chip = catalog.chip(inputs.supply.message.chip());
  if (!inputs.chip.message.has_package()) {
    throw ConfigError({"supply " + name, 0, 0},
                      "chip `" + inputs.supply.message.chip() + "` is a bare die",
                      "name the package that is made");
  }
  inputs.process = catalog.process(inputs.chip.message.die().process());
  inputs.plan = economics::checked_plan(inputs.chip, inputs.process);
  for (const SupplyYear& year : inputs.supply.message.years()) {
    check_year(inputs, year);
  }
  return inputs;
}

std::vector<YearOutcome> supply_years(const SupplyInputs& inputs) {
  const Package& package = inputs.chip.message.package();
  std::vector<YearOutcome> years;
  double dies = 0;
  double stacks = 0;
  for (const SupplyYear& year : inputs.supply.message.years()) {
    YearOutcome outcome;
    economics::YearMeans& means = outcome.means;
    means.wafers = kMonths * year.wafers_per_month() * year.share();
    means.dies_per_wafer = std::floor(inputs.plan.dies_per_wafer);  // a formula's may be broken
    means.yield = yield_of(inputs, year);
    means.assembly_yield = year.assembly_yield();
    means.dies_each = package.dies();
    means.stacks_each = package.hbm_stacks();
    means.dies_in_stock = dies + year.dies_bought();
    if (year.has_hbm_stacks()) {
      means.stacks = stacks + year.hbm_stacks();
    }
    if (year.has_packaging_starts()) {
      means.packaging_starts = year.packaging_starts();
    }
    outcome.supply = economics::supply_of(means);
    dies = outcome.supply.dies_left;
    stacks = outcome.supply.stacks_left;
    for (const Demand& demand : year.demands()) {
      outcome.demands.push_back(packages_of(demand));
    }
    years.push_back(outcome);
  }
  return years;
}

void add_supply_inputs(SupplyInputs& inputs, economics::UncertainInputs& uncertain) {
  const std::string prefix = "supply." + inputs.supply.message.name() + ".";
  uncertain.add(inputs.supply.message, inputs.supply.provenance, prefix, {"years."});
  uncertain.correlate(inputs.supply.message.uncertainty().correlations(), inputs.supply.provenance,
                      prefix);
  economics::add_package_inputs(inputs.chip, &inputs.process, uncertain);
}

}  // namespace reticle::study
