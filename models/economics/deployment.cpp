#include "models/economics/deployment.h"

#include <functional>
#include <stdexcept>
#include <vector>

#include "models/economics/build.h"
#include "models/economics/uncertainty.h"
#include "schema/errors.h"

namespace reticle::economics {
namespace {

// USD an hour in service.
struct Item {
  const char* name;
  double usd;
};
using Items = std::vector<Item>;

Terms terms(const Site& site) {
  Terms terms;
  terms.electricity = site.electricity();
  terms.hosting = site.hosting();
  terms.life = site.life();
  terms.discount_rate = site.discount_rate();
  terms.maintenance = site.maintenance();
  terms.availability = site.availability();
  return terms;
}

// What an hour pays for building the place: the part of `hosting` that is not somebody's price.
double facility(const Deployment& d) {
  const Site& site = d.site.message;
  Terms t = terms(site);
  t.life = site.has_facility_life() ? site.facility_life() : t.life;
  return hourly_cost(deployment_power(d).it * site.facility(), {}, t).capital;
}

// Turns capital (USD) into what an hour pays for it and appends running costs.
Items owned(const Deployment& d, Items capital, bool own_facility) {
  const Terms t = terms(d.site.message);
  const double per_hour = hourly_cost(1, {}, t).capital;
  double total = 0;
  for (Item& item : capital) {
    total += item.usd;
    item.usd *= per_hour;
  }
  const HourlyCost running = hourly_cost(total, deployment_power(d), t);
  capital.push_back({"energy", running.energy});
  capital.push_back(own_facility ? Item{"facility", facility(d)}
                                 : Item{"hosting", running.hosting});
  capital.push_back({"maintenance", running.maintenance});
  return capital;
}

Items build(const Deployment& d, const DiePlan& plan) {
  const PackageCost package = build_package(d.chip.message, d.process->message, plan).cost;
  const MachineBill bill =
      build_machine(package, d.system.message.cost(), static_cast<double>(d.packages),
                    static_cast<double>(d.nodes));
  return owned(d,
               {{"dies", bill.dies},
                {"hbm", bill.hbm},
                {"packaging_and_test", bill.packaging_and_test},
                {"boards", bill.boards},
                {"host", bill.host},
                {"network", bill.network}},
               d.site.message.has_facility());
}

Items price(const Deployment& d) {
  const Package& package = d.chip.message.package();
  const auto packages = static_cast<double>(d.packages);
  return owned(
      d,
      {{"packages", packages * package.price()}, {"network", packages * package.network_price()}},
      false);
}

double usd_per_hour(const Items& items) {
  double sum = 0;
  for (const Item& item : items) {
    sum += item.usd;
  }
  return sum;
}

Items rental(const Deployment& d) {
  return {{"rent", static_cast<double>(d.packages) * d.chip.message.package().rental()}};
}

double per_million_tokens(const Deployment& d, double usd_per_hour) {
  return usd_per_million_tokens(usd_per_hour, d.tokens_per_s, d.site.message.utilisation());
}

double total(const Deployment& d, const Items& items) {
  double sum = 0;
  for (const Item& item : items) {
    sum += per_million_tokens(d, item.usd);
  }
  return sum;
}

// The bases whose inputs exist, each with its place in the result.
struct Basis {
  CostBasis* result;
  std::function<Items(const Deployment&)> items;
  std::vector<double> samples;
};

std::vector<Basis> bases(const Deployment& d, CostResult& result) {
  std::vector<Basis> bases;
  const Chip& chip = d.chip.message;
  if (d.process && chip.has_die() && chip.has_package()) {
    const DiePlan plan = checked_plan(d.chip, *d.process);
    bases.push_back(
        {result.mutable_build(), [plan](const Deployment& x) { return build(x, plan); }, {}});
  }
  if (chip.has_package() && chip.package().has_price()) {
    bases.push_back({result.mutable_price(), price, {}});
  }
  if (chip.has_package() && chip.package().has_rental()) {
    bases.push_back({result.mutable_rental(), rental, {}});
  }
  return bases;
}

void write_breakdown(const Deployment& d, const Basis& basis) {
  for (const Item& item : basis.items(d)) {
    NamedValue* part = basis.result->add_breakdown();
    part->set_name(item.name);
    part->set_value(per_million_tokens(d, item.usd));
  }
}

}  // namespace

config::Loaded<Site> site_of(const config::Loaded<Study>& study, const std::string& scenario) {
  for (const Scenario& candidate : study.message.scenarios()) {
    if (candidate.name() != scenario) {
      continue;
    }
    config::Loaded<Site> site{candidate.site(), {}};
    const std::string prefix = "scenarios." + scenario + ".site.";
    for (auto it = study.provenance.lower_bound(prefix);
         it != study.provenance.end() && it->first.compare(0, prefix.size(), prefix) == 0; ++it) {
      site.provenance.emplace(it->first.substr(prefix.size()), it->second);
    }
    return site;
  }
  throw std::logic_error("site_of: no scenario " + scenario);
}

WallPower deployment_power(const Deployment& d) {
  const auto packages = static_cast<double>(d.packages);
  const NodePower& node = d.system.message.power();
  const Load load{packages * d.watts_per_package, static_cast<double>(d.nodes) * node.host(),
                  packages * node.optics_per_package()};
  return wall_power(load, d.site.message.psu_efficiency(), d.site.message.pue());
}

std::vector<CostResult> deployment_costs(std::vector<Deployment> deployments,
                                         const Uncertainty& uncertainty, uint64_t seed) {
  UncertainInputs inputs(seed);
  std::vector<CostResult> results(deployments.size());
  std::vector<std::vector<Basis>> all;
  for (std::size_t i = 0; i < deployments.size(); ++i) {
    Deployment& d = deployments[i];
    if (d.packages < 1 || !(d.tokens_per_s > 0)) {
      throw std::domain_error("deployment_costs: needs packages and tokens");
    }
    all.push_back(bases(d, results[i]));
    for (const Basis& basis : all.back()) {
      write_breakdown(d, basis);
    }
    add_inputs(d, inputs);
  }
  inputs.correlate(uncertainty.correlations(), {}, "");
  inputs.sample(uncertainty.draws(), [&] {
    for (std::size_t i = 0; i < deployments.size(); ++i) {
      for (Basis& basis : all[i]) {
        basis.samples.push_back(total(deployments[i], basis.items(deployments[i])));
      }
    }
  });
  for (const std::vector<Basis>& one : all) {
    for (const Basis& basis : one) {
      *basis.result->mutable_usd_per_million_tokens() = quantiles(basis.samples);
    }
  }
  return results;
}

CostResult deployment_cost(const Deployment& deployment, uint32_t draws, uint64_t seed) {
  Uncertainty uncertainty;
  uncertainty.set_draws(draws);
  return deployment_costs({deployment}, uncertainty, seed).front();
}

double build_usd_per_hour(const Deployment& d, const DiePlan& plan) {
  return usd_per_hour(build(d, plan));
}

double price_usd_per_hour(const Deployment& d) { return usd_per_hour(price(d)); }

double rental_usd_per_hour(const Deployment& d) { return usd_per_hour(rental(d)); }

void add_inputs(Deployment& d, UncertainInputs& inputs) {
  add_package_inputs(d.chip, d.process ? &*d.process : nullptr, inputs);
  inputs.add(d.system.message, d.system.provenance, "systems." + d.system.message.name() + ".",
             {"cost.", "power."});
  inputs.add(d.site.message, d.site.provenance, "site.", {""});
}

void add_package_inputs(config::Loaded<Chip>& chip, config::Loaded<Process>* process,
                        UncertainInputs& inputs) {
  inputs.add(
      chip.message, chip.provenance, "chips." + chip.message.name() + ".",
      {"package.", "die.core_share", "die.blocks.", "die.stitch_yield", "die.reported_yield"});
  if (process == nullptr) {
    return;
  }
  const std::string prefix = "processes." + process->message.name() + ".";
  inputs.add(process->message, process->provenance, prefix,
             {"wafer_cost", "wafer_test_cost", "defect_density", "systematic_yield", "clustering",
              "critical_area_ratio", "layers.", "patterning.", "probe_coverage", "carbon."});
  inputs.correlate(process->message.correlations(), process->provenance, prefix);
}

}  // namespace reticle::economics
