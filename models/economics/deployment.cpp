#include "models/economics/deployment.h"

#include <functional>
#include <stdexcept>
#include <vector>

#include "models/economics/die.h"
#include "models/economics/package.h"
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

// Turns capital (USD) into what an hour pays for it and appends running costs.
Items owned(const Deployment& d, Items capital) {
  const Terms t = terms(d.site.message);
  const double per_hour = hourly_cost(1, {}, t).capital;
  double total = 0;
  for (Item& item : capital) {
    total += item.usd;
    item.usd *= per_hour;
  }
  const HourlyCost running = hourly_cost(total, deployment_power(d), t);
  capital.push_back({"energy", running.energy});
  capital.push_back({"hosting", running.hosting});
  capital.push_back({"maintenance", running.maintenance});
  return capital;
}

PackageCost built_package(const Deployment& d, int dies_per_wafer) {
  const Package& package = d.chip.message.package();
  const DieCost die = die_cost(d.chip.message.die(), d.process->message, dies_per_wafer);
  PackageBill bill;
  bill.dies = {{static_cast<int>(package.dies()), die.usd_per_good, package.die_attach_yield()}};
  bill.hbm = {{static_cast<int>(package.hbm_stacks()), package.hbm_stack_cost(),
               package.hbm_attach_yield()}};
  bill.interposer = package.interposer_cost();
  bill.substrate = package.substrate_cost();
  bill.test = package.test_cost();
  bill.final_yield = package.final_yield();
  return package_cost(bill);
}

Items build(const Deployment& d, int dies_per_wafer) {
  const PackageCost package = built_package(d, dies_per_wafer);
  const auto packages = static_cast<double>(d.packages);
  const NodeCost& node = d.system.message.cost();
  return owned(d, {{"dies", packages * package.dies},
                   {"hbm", packages * package.hbm},
                   {"packaging_and_test", packages * package.packaging_and_test},
                   {"host", static_cast<double>(d.nodes) * node.host()},
                   {"network", packages * node.network_per_package()}});
}

Items price(const Deployment& d) {
  const Package& package = d.chip.message.package();
  const auto packages = static_cast<double>(d.packages);
  return owned(d, {{"packages", packages * package.price()},
                   {"network", packages * package.network_price()}});
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

Location where(const config::Loaded<Chip>& chip, const std::string& path) {
  const auto found = chip.provenance.find(path);
  return found == chip.provenance.end() ? Location{"chip " + chip.message.name()}
                                        : found->second.at;
}

// The only numbers of each config that cost reads and that may vary; a die's outline and the wafer
// do not, because the placement is done once.
UncertainInputs uncertain(Deployment& d, uint64_t seed) {
  UncertainInputs inputs(seed);
  inputs.add(d.chip.message, d.chip.provenance, "chips." + d.chip.message.name() + ".",
             {"package.", "die.core_share"});
  if (d.process) {
    inputs.add(d.process->message, d.process->provenance,
               "processes." + d.process->message.name() + ".",
               {"wafer_cost", "wafer_test_cost", "defect_density", "systematic_yield"});
  }
  inputs.add(d.system.message, d.system.provenance, "systems." + d.system.message.name() + ".",
             {"cost.", "power."});
  inputs.add(d.site.message, d.site.provenance, "site.", {""});
  return inputs;
}

int checked_dies_per_wafer(const Deployment& d) {
  const Die& die = d.chip.message.die();
  if (die.cores_needed() > die.cores()) {
    throw ConfigError(where(d.chip, "die.cores_needed"),
                      "die.cores_needed is " + std::to_string(die.cores_needed()) + ", die.cores " +
                          std::to_string(die.cores()),
                      "a die cannot need more cores than it has");
  }
  const int dies = dies_per_wafer(die, d.process->message);
  if (dies == 0) {
    throw ConfigError(where(d.chip, "die.width"),
                      "no die of this outline fits a wafer of process " + die.process(),
                      "see die.width, die.height and the process's wafer_diameter, edge_exclusion");
  }
  return dies;
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
    const int dies = checked_dies_per_wafer(d);
    bases.push_back(
        {result.mutable_build(), [dies](const Deployment& x) { return build(x, dies); }, {}});
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

CostResult deployment_cost(const Deployment& deployment, int64_t draws, uint64_t seed) {
  if (deployment.packages < 1 || !(deployment.tokens_per_s > 0) || draws < 1) {
    throw std::domain_error("deployment_cost: needs packages, tokens and draws");
  }
  Deployment d = deployment;  // the draws overwrite its uncertain numbers
  CostResult result;
  std::vector<Basis> all = bases(d, result);
  for (const Basis& basis : all) {
    write_breakdown(d, basis);
  }
  const UncertainInputs inputs = uncertain(d, seed);
  for (int64_t i = 0; i < draws; ++i) {
    inputs.draw(static_cast<uint64_t>(i));
    for (Basis& basis : all) {
      basis.samples.push_back(total(d, basis.items(d)));
    }
  }
  for (const Basis& basis : all) {
    *basis.result->mutable_usd_per_million_tokens() = quantiles(basis.samples);
  }
  return result;
}

}  // namespace reticle::economics
