#include "study/supply/supply_study.h"

#include <array>
#include <cmath>

#include "study/assumed.h"

namespace reticle::study {

namespace {

using economics::Limit;
using economics::YearSupply;

constexpr std::array<Limit, 3> kLimits = {Limit::kLogic, Limit::kHbm, Limit::kPackaging};

double limit_of(const YearSupply& supply, Limit limit) {
  return limit == Limit::kLogic ? supply.logic
         : limit == Limit::kHbm ? supply.hbm
                                : supply.packaging;
}

// What the draws of one year gave.
struct Samples {
  std::vector<double> packages;
  std::vector<double> yield;
  std::array<std::vector<double>, 3> limits;
  std::array<double, 3> binding{};
  std::vector<std::vector<double>> demands;
  std::vector<double> met;
};

void take(const YearOutcome& year, Samples& samples) {
  samples.packages.push_back(year.supply.packages);
  samples.yield.push_back(year.means.yield);
  for (std::size_t i = 0; i < kLimits.size(); ++i) {
    samples.limits[i].push_back(limit_of(year.supply, kLimits[i]));
    samples.binding[i] += year.supply.binding == kLimits[i] ? 1 : 0;
  }
  samples.demands.resize(year.demands.size());
  samples.met.resize(year.demands.size());
  for (std::size_t i = 0; i < year.demands.size(); ++i) {
    samples.demands[i].push_back(year.demands[i]);
    samples.met[i] += year.supply.packages >= year.demands[i] ? 1 : 0;
  }
}

void set(std::optional<double> value, void (DemandReport::*write)(double), DemandReport& report) {
  if (value) {
    (report.*write)(*value);
  }
}

void add_named(google::protobuf::RepeatedPtrField<NamedValue>& list, const std::string& name,
               double value) {
  NamedValue& named = *list.Add();
  named.set_name(name);
  named.set_value(value);
}

void add_limits(const YearOutcome& mode, const Samples& samples, double draws,
                SupplyYearReport& report) {
  for (std::size_t i = 0; i < kLimits.size(); ++i) {
    const double at_mode = limit_of(mode.supply, kLimits[i]);
    if (!std::isfinite(at_mode)) {
      continue;
    }
    const std::string name = economics::name_of(kLimits[i]);
    NamedQuantiles& limit = *report.add_limits();
    limit.set_name(name);
    *limit.mutable_value() = economics::quantiles(samples.limits[i]);
    add_named(*report.mutable_slack(), name, at_mode - mode.supply.packages);
    add_named(*report.mutable_binding_share(), name, samples.binding[i] / draws);
  }
}

SupplyYearReport year_report(const SupplyYear& config, const YearOutcome& mode,
                             const Samples& samples) {
  SupplyYearReport report;
  const auto draws = static_cast<double>(samples.packages.size());
  report.set_year(config.name());
  *report.mutable_packages() = economics::quantiles(samples.packages);
  *report.mutable_yield() = economics::quantiles(samples.yield);
  report.set_binding(economics::name_of(mode.supply.binding));
  add_limits(mode, samples, draws, report);
  if (const auto yield = economics::break_even_yield(mode.means)) {
    report.set_break_even_yield(*yield);
  }
  report.set_dies_left(mode.supply.dies_left);
  if (mode.means.stacks) {
    report.set_stacks_left(mode.supply.stacks_left);
  }
  for (std::size_t i = 0; i < mode.demands.size(); ++i) {
    DemandReport& demand = *report.add_demands();
    demand.set_name(config.demands(static_cast<int>(i)).name());
    *demand.mutable_packages() = economics::quantiles(samples.demands[i]);
    demand.set_met(samples.met[i] / draws);
    set(economics::yield_needed(mode.means, mode.demands[i]), &DemandReport::set_yield_needed,
        demand);
    set(economics::wafers_needed(mode.means, mode.demands[i]),
        &DemandReport::set_wafers_per_month_needed, demand);
  }
  return report;
}

}  // namespace

SupplyReport supply_report(const SupplyInputs& asked, uint64_t seed, uint32_t draws) {
  SupplyInputs inputs = asked;  // the draws overwrite its uncertain numbers
  const Supply& supply = inputs.supply.message;
  SupplyReport report;
  report.set_scenario(supply.name());
  report.set_chip(supply.chip());
  report.set_seed(seed);
  report.set_draws(draws == 0 ? supply.uncertainty().draws() : draws);
  const std::vector<YearOutcome> modes = supply_years(inputs);
  std::vector<Samples> samples(modes.size());
  economics::UncertainInputs uncertain(seed);
  add_supply_inputs(inputs, uncertain);
  uncertain.sample(report.draws(), [&] {
    const std::vector<YearOutcome> drawn = supply_years(inputs);
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      take(drawn[i], samples[i]);
    }
  });
  for (std::size_t i = 0; i < modes.size(); ++i) {
    *report.add_years() = year_report(supply.years(static_cast<int>(i)), modes[i], samples[i]);
  }
  std::vector<Assumption> all;
  collect(all, inputs.supply.provenance, "", "supply." + supply.name() + ".");
  *report.mutable_assumptions() = sorted(all);
  return report;
}

}  // namespace reticle::study
