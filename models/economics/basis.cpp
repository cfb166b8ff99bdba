#include "models/economics/basis.h"

#include <stdexcept>

#include "models/economics/build.h"

namespace reticle::economics {
namespace {

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

// What an hour pays for building and running the place: `hosting` without somebody's margin.
double facility(const Deployment& d) {
  const Site& site = d.site.message;
  Terms t;
  t.life = site.has_facility_life() ? site.facility_life() : site.life();
  t.discount_rate = site.discount_rate();
  t.availability = site.availability();
  t.hosting = site.facility_opex();
  const double watts = deployment_power(d).it;
  return hourly_cost(watts * site.facility(), {watts, 0}, t).total();
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

Items rental(const Deployment& d) {
  return {{"rent", static_cast<double>(d.packages) * d.chip.message.package().rental()}};
}

}  // namespace

const char* name_of(Basis basis) {
  return basis == Basis::kBuild ? "build" : basis == Basis::kPrice ? "price" : "rental";
}

bool has_basis(const Deployment& d, Basis basis) {
  const Chip& chip = d.chip.message;
  if (!chip.has_package()) {
    return false;
  }
  return basis == Basis::kBuild   ? d.process && chip.has_die()
         : basis == Basis::kPrice ? chip.package().has_price()
                                  : chip.package().has_rental();
}

std::vector<Item> hourly_items(const Deployment& d, Basis basis, const DiePlan& plan) {
  return basis == Basis::kBuild ? build(d, plan) : basis == Basis::kPrice ? price(d) : rental(d);
}

double usd_per_hour(const Deployment& d, Basis basis, const DiePlan& plan) {
  double sum = 0;
  for (const Item& item : hourly_items(d, basis, plan)) {
    sum += item.usd;
  }
  return sum;
}

}  // namespace reticle::economics
