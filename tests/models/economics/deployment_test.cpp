#include <catch2/catch.hpp>
#include <functional>

#include "models/economics/build.h"
#include "models/economics/deployment_costs.h"
#include "schema/config/mapping.h"
#include "tests/models/economics/ascend_910.h"

using namespace reticle;
using namespace reticle::economics;

namespace {

config::Origin range(double low, double high) {
  config::Origin origin;
  origin.low = low;
  origin.high = high;
  return origin;
}

config::Loaded<Process> process() {
  config::Loaded<Process> process = test::fab();
  process.provenance = {{"wafer_cost", range(10000, 16000)}, {"defect_density", range(1390, 3740)}};
  return process;
}

config::Loaded<Chip> chip() {
  config::Loaded<Chip> chip;
  chip.message.set_name("ascend");
  *chip.message.mutable_die() = test::ascend_910();
  Package& package = *chip.message.mutable_package();
  config::fill_presets(package);
  package.set_dies(2);
  package.set_hbm_stacks(8);
  package.set_hbm_stack_cost(192);
  package.set_interposer_cost(500);
  package.set_substrate_cost(60);
  package.set_test_cost(150);
  package.set_die_attach_yield(0.99);
  package.set_hbm_attach_yield(0.995);
  package.set_final_yield(0.97);
  package.set_price(21354);
  package.set_rental(2);
  chip.provenance = {{"package.hbm_stack_cost", range(128, 288)},
                     {"package.price", range(15300, 28000)},
                     {"die.width", range(0.02, 0.026)}};
  return chip;
}

Deployment deployment() {
  Deployment d;
  d.chip = chip();
  d.process = process();
  d.system.message.set_name("machine");
  config::fill_presets(*d.system.message.mutable_cost());
  d.system.message.mutable_cost()->set_host(32010);
  d.system.message.mutable_cost()->set_network_per_package(5400);
  d.system.message.mutable_power()->set_host(4800);
  d.system.message.mutable_power()->set_optics_per_package(108);
  Site& site = d.site.message;
  site.set_electricity(0.056);
  site.set_pue(1.2);
  site.set_psu_efficiency(0.96);
  site.set_hosting(200);
  site.set_life(5);
  site.set_discount_rate(0.10);
  site.set_maintenance(0.05);
  site.set_availability(0.95);
  site.set_utilisation(1);
  d.packages = 160;
  d.nodes = 20;
  d.watts_per_package = 700;
  d.tokens_per_s = 160 * 1943.0;
  return d;
}

CostResult cost(const Deployment& d, uint64_t seed = 1) { return deployment_cost(d, 1000, seed); }

double sum(const CostBasis& basis) {
  double sum = 0;
  for (const NamedValue& part : basis.breakdown()) {
    sum += part.value();
  }
  return sum;
}

double part(const CostBasis& basis, const std::string& name) {
  for (const NamedValue& part : basis.breakdown()) {
    if (part.name() == name) {
      return part.value();
    }
  }
  FAIL("no part " << name);
  return 0;
}

double build_after(const std::function<void(Deployment&)>& change) {
  Deployment d = deployment();
  change(d);
  return sum(cost(d).build());
}

}  // namespace

TEST_CASE("the build basis, part by part, against arithmetic by hand") {
  const CostBasis build = cost(deployment()).build();
  const double mtok_per_hour = 160 * 1943.0 * 3600 / 1e6;
  const double to_mtok = 1 / mtok_per_hour;
  const double per_usd = 0.26379748079474524 / 8760 / 0.95;  // CRF of 10 %, 5 years
  const double it_kw = (160 * 0.7 + 20 * 4.8 + 160 * 0.108) / 0.96;
  CHECK(part(build, "host") == Approx(20 * 32010 * per_usd * to_mtok));
  CHECK(part(build, "network") == Approx(160 * 5400 * per_usd * to_mtok));
  CHECK(part(build, "hbm") == Approx(160 * 8 * 192 / 0.960693 / 0.97 * per_usd * to_mtok));
  CHECK(part(build, "energy") == Approx(it_kw * 1.2 * 0.056 / 0.95 * to_mtok));
  CHECK(part(build, "hosting") == Approx(it_kw * 200 * 12 / 8760 / 0.95 * to_mtok));
  // 80 dies a wafer at the yield of 0.33 that the density was inverted from.
  CHECK(part(build, "dies") ==
        Approx(160 * 2 * (13500 / (80 * 0.33)) / (0.9801 * 0.960693 * 0.97) * per_usd * to_mtok)
            .epsilon(2e-3));
  CHECK(build.breakdown_size() == 9);
}

TEST_CASE("the price basis pays the list price and nothing that was modelled") {
  const CostBasis price = cost(deployment()).price();
  const double to_mtok = 1e6 / 3600 / (160 * 1943.0);
  CHECK(part(price, "packages") ==
        Approx(160 * 21354 * 0.26379748079474524 / 8760 / 0.95 * to_mtok));
  CHECK(part(price, "network") == 0);
  CHECK(part(price, "maintenance") == Approx(160 * 21354 * 0.05 / 8760 / 0.95 * to_mtok));
  CHECK(price.breakdown_size() == 5);
  Deployment d = deployment();
  d.process->message.set_wafer_cost(1e6);
  d.process->provenance.clear();
  d.system.message.mutable_cost()->set_host(1e6);
  CHECK(cost(d).price().SerializeAsString() == price.SerializeAsString());
  CHECK(cost(d).rental().SerializeAsString() == cost(deployment()).rental().SerializeAsString());
  d.chip.message.mutable_package()->set_network_price(10000);
  CHECK(part(cost(d).price(), "network") == Approx(part(price, "packages") * 10000 / 21354));
}

TEST_CASE("rent is all there is to pay: DeepSeek's H800 node at 14.8k tokens/s") {
  Deployment d = deployment();
  d.packages = 8;
  d.tokens_per_s = 14800;
  const CostBasis rental = cost(d).rental();
  CHECK(sum(rental) == Approx(0.3003003).epsilon(1e-6));
  CHECK(rental.breakdown_size() == 1);
  CHECK(rental.usd_per_million_tokens().p5() == Approx(sum(rental)));
  CHECK(rental.usd_per_million_tokens().p95() == Approx(sum(rental)));
}

TEST_CASE("a basis without its inputs is absent") {
  Deployment d = deployment();
  d.process.reset();
  d.chip.message.mutable_package()->clear_rental();
  CHECK_FALSE(cost(d).has_build());
  CHECK_FALSE(cost(d).has_rental());
  CHECK(cost(d).has_price());
  d.chip.message.mutable_package()->clear_price();
  d.chip.provenance.clear();
  CHECK_FALSE(cost(d).has_price());
  d = deployment();
  d.chip.message.clear_package();
  d.chip.provenance.clear();
  CHECK(cost(d).ByteSizeLong() == 0);
}

TEST_CASE("parts sum to the point estimate, and quantiles are in order around it") {
  const CostResult result = cost(deployment());
  for (const CostBasis* basis : {&result.build(), &result.price()}) {
    const Quantiles& q = basis->usd_per_million_tokens();
    CHECK(q.p5() < q.p50());
    CHECK(q.p50() < q.p95());
    CHECK(q.p5() < sum(*basis));
    CHECK(sum(*basis) < q.p95());
  }
  // With no range anywhere the three quantiles are the point estimate itself.
  Deployment d = deployment();
  d.chip.provenance.clear();
  d.process->provenance.clear();
  const CostBasis fixed = cost(d).build();
  CHECK(fixed.usd_per_million_tokens().p5() == sum(fixed));
  CHECK(fixed.usd_per_million_tokens().p95() == sum(fixed));
  CHECK(sum(fixed) == sum(result.build()));
}

TEST_CASE("more defects, dearer power, worse assembly and a shorter life never cost less") {
  const double base = sum(cost(deployment()).build());
  const auto worse = {
      build_after([](Deployment& d) { d.process->message.set_defect_density(3000); }),
      build_after([](Deployment& d) { d.site.message.set_electricity(0.09); }),
      build_after([](Deployment& d) { d.site.message.set_availability(0.9); }),
      build_after([](Deployment& d) { d.site.message.set_life(4); }),
      build_after([](Deployment& d) { d.site.message.set_psu_efficiency(0.9); }),
      build_after([](Deployment& d) { d.chip.message.mutable_package()->set_final_yield(0.9); }),
      build_after([](Deployment& d) { d.watts_per_package = 800; }),
  };
  for (const double cost : worse) {
    CHECK(cost > base);
  }
}

TEST_CASE("twice the tokens cost half each") {
  const double base = sum(cost(deployment()).build());
  CHECK(build_after([](Deployment& d) { d.tokens_per_s *= 2; }) == Approx(base / 2).epsilon(1e-12));
}

TEST_CASE("the same seed gives the same bytes, another seed other draws of the same prior") {
  const std::string once = cost(deployment(), 1).SerializeAsString();
  CHECK(cost(deployment(), 1).SerializeAsString() == once);
  CHECK(cost(deployment(), 2).SerializeAsString() != once);
  const double p50 = cost(deployment(), 1).build().usd_per_million_tokens().p50();
  CHECK(cost(deployment(), 2).build().usd_per_million_tokens().p50() == Approx(p50).epsilon(0.02));
}

TEST_CASE("deployments of one call share draws: the same one twice costs the same to the bit") {
  Deployment dearer = deployment();
  dearer.site.message.set_electricity(0.09);
  Uncertainty uncertainty;
  uncertainty.set_draws(1000);
  const auto both = deployment_costs({deployment(), deployment(), dearer}, uncertainty, 1);
  const std::vector<CostResult>& costs = both.costs;
  CHECK(costs[0].SerializeAsString() == costs[1].SerializeAsString());
  const double difference = costs[2].build().usd_per_million_tokens().p50() -
                            costs[0].build().usd_per_million_tokens().p50();
  const double energy = part(costs[2].build(), "energy") - part(costs[0].build(), "energy");
  CHECK(difference == Approx(energy).epsilon(1e-9));  // nothing else moved
}

TEST_CASE(
    "a site with a facility pays it off in the build basis and pays rent in the price basis") {
  Deployment d = deployment();
  d.site.message.set_facility(10);
  d.site.message.set_facility_life(15);
  const CostResult result = cost(d);
  const double it = deployment_power(d).it;
  CHECK(part(result.build(), "facility") == Approx(it * 10 * capital_recovery_factor(0.10, 15) /
                                                   8760 / 0.95 * 1e6 / 3600 / (160 * 1943.0)));
  CHECK(part(result.price(), "hosting") == Approx(part(cost(deployment()).price(), "hosting")));
}

TEST_CASE("running the facility is paid by the watt, with it") {
  Deployment d = deployment();
  d.site.message.set_facility(10);
  const double built = part(cost(d).build(), "facility");
  d.site.message.set_facility_opex(40);
  const double it_kw = deployment_power(d).it / 1000;
  CHECK(part(cost(d).build(), "facility") - built ==
        Approx(it_kw * 40 * 12 / 8760 / 0.95 * 1e6 / 3600 / (160 * 1943.0)));
}

TEST_CASE("spare nodes and boards that fail are paid for") {
  const double base = sum(cost(deployment()).build());
  CHECK(build_after([](Deployment& d) { d.system.message.mutable_cost()->set_spare_share(0.1); }) >
        base);
  CHECK(build_after([](Deployment& d) { d.system.message.mutable_cost()->set_board_yield(0.9); }) >
        base);
}

TEST_CASE("a chip-hour: the same money, by the hour and package") {
  const CostBasis build = cost(deployment()).build();
  const double mtok_per_chip_hour = 1943.0 * 3600 / 1e6;
  CHECK(build.usd_per_chip_hour().p50() ==
        Approx(build.usd_per_million_tokens().p50() * mtok_per_chip_hour));
  CHECK(cost(deployment()).rental().usd_per_chip_hour().p95() == Approx(2));
}

TEST_CASE("which is cheaper: draw by draw, on each basis, and surely only where nothing overlaps") {
  Deployment cheap = deployment();
  cheap.name = "cheap";
  Deployment dear = deployment();
  dear.name = "dear";
  dear.site.message.set_electricity(0.06);  // a little, but in every draw
  Uncertainty uncertainty;
  uncertainty.set_draws(500);
  const auto both = deployment_costs({cheap, dear}, uncertainty, 1).comparisons;
  REQUIRE(both.size() == 3);
  for (const Comparison& one : both) {
    CHECK(one.first() == "cheap");
    CHECK(one.second() == "dear");
    const bool rented = one.basis() == "rental";  // energy is in the rent
    CHECK(one.probability_first_cheaper() == (rented ? 0 : 1));
    CHECK(one.ratio().p95() <= 1);
    CHECK(one.ratio().p5() > 0.9);
  }
  // The same mean price with draws of its own: it can go either way.
  dear = deployment();
  dear.name = "dear";
  dear.chip.message.set_name("other");
  const auto apart = deployment_costs({cheap, dear}, uncertainty, 1).comparisons;
  CHECK(apart[1].basis() == "price");
  CHECK(apart[1].probability_first_cheaper() > 0.3);
  CHECK(apart[1].probability_first_cheaper() < 0.7);
  // A basis that one of them lacks is not compared.
  dear.chip.message.mutable_package()->clear_rental();
  CHECK(deployment_costs({cheap, dear}, uncertainty, 1).comparisons.size() == 2);
}

TEST_CASE("the tornado of a basis holds what the basis reads, the widest first") {
  const CostResult result = cost(deployment());
  REQUIRE(result.build().tornado_size() == 3);  // HBM, wafer, defects
  CHECK(result.build().tornado(0).swing() >= result.build().tornado(1).swing());
  CHECK_FALSE(result.build().tornado(0).has_first_order());
  REQUIRE(result.price().tornado_size() == 1);
  CHECK(result.price().tornado(0).input() == "chips.ascend.package.price");
  CHECK(result.price().tornado(0).at_low() < sum(result.price()));
  CHECK(result.rental().tornado_size() == 0);
}

TEST_CASE("the price at which two machines cost the same per token") {
  Deployment slow = deployment();
  slow.name = "slow";
  slow.tokens_per_s *= 0.6;
  Deployment other = deployment();
  other.name = "other";
  other.chip.message.set_name("other");
  const Inversion answer = equal_cost(slow, other, Basis::kPrice, "chips.ascend.package.price");
  CHECK(answer.now() == 21354);
  CHECK(answer.unit() == "USD");
  // At equal power, 0.6 of the tokens pay for 0.6 of everything: of the price, what is left of it
  // after the whole of the running costs.
  slow.chip.message.mutable_package()->set_price(answer.value());
  slow.chip.provenance.clear();
  CHECK(sum(cost(slow).price()) == Approx(sum(cost(other).price())).epsilon(1e-9));
  CHECK(answer.value() < 0.6 * 21354);
  // Rents pay for everything: 0.6 of the rent.
  CHECK(equal_cost(slow, other, Basis::kRental, "chips.ascend.package.rental").value() ==
        Approx(1.2));
  // A number of both moves both: no price of HBM makes up for the tokens.
  CHECK_FALSE(equal_cost(slow, other, Basis::kBuild, "processes.fab.wafer_cost").has_value());
  CHECK_THROWS_WITH(equal_cost(slow, other, Basis::kBuild, "chips.ascend.die.width"),
                    Catch::Contains("dies are placed once"));
  CHECK_THROWS_WITH(equal_cost(slow, other, Basis::kBuild, "chips.other.package.price"),
                    Catch::Contains("no such number (chips.ascend.*"));
  other.chip.message.mutable_package()->clear_price();
  CHECK_THROWS_WITH(equal_cost(slow, other, Basis::kPrice, "chips.ascend.package.price"),
                    "other has no inputs for `price`");
}

TEST_CASE("carbon of a token: packages over their life, and the grid") {
  Uncertainty uncertainty;
  uncertainty.set_draws(100);
  Deployment d = deployment();
  CHECK_FALSE(deployment_costs({d}, uncertainty, 1).carbon[0].has_embodied());
  CHECK_FALSE(deployment_costs({d}, uncertainty, 1).carbon[0].has_operational());
  d.process->provenance.clear();
  FabCarbon& fab = *d.process->message.mutable_carbon();
  fab.set_energy(21500);  // kWh/m2, ACT's 7 nm
  fab.set_gases(2.75);
  fab.set_materials(5);
  fab.set_grid(0.583);
  d.site.message.set_grid_carbon(0.55);
  const CarbonResult carbon = deployment_costs({d}, uncertainty, 1).carbon[0];
  const double to_mtok = 1e6 / 3600 / (160 * 1943.0);
  CHECK(carbon.operational().p50() ==
        Approx(deployment_power(d).facility / 1000 * 0.55 / 0.95 * to_mtok));
  const BuiltPackage built =
      build_package(d.chip.message, d.process->message, checked_plan(d.chip, *d.process));
  CHECK(carbon.embodied().p50() ==
        Approx(160 * package_carbon(d.chip.message, d.process->message, built) / (5 * 8760 * 0.95) *
               to_mtok));
  CHECK_FALSE(carbon.hbm_included());
}

TEST_CASE("wall power of the deployment") {
  const WallPower power = deployment_power(deployment());
  CHECK(power.it == Approx((160 * 700.0 + 20 * 4800 + 160 * 108) / 0.96));
  CHECK(power.facility == Approx(power.it * 1.2));
}

TEST_CASE("the site of a scenario comes with its provenance") {
  config::Loaded<Study> study;
  study.message.add_scenarios()->set_name("one");
  study.message.mutable_scenarios(0)->mutable_site()->set_pue(1.2);
  study.provenance = {{"scenarios.one.ranks", {}},
                      {"scenarios.one.site.pue", range(1.1, 1.25)},
                      {"scenarios.one2.site.pue", range(1, 2)}};
  const auto site = site_of(study, "one");
  CHECK(site.message.pue() == 1.2);
  REQUIRE(site.provenance.size() == 1);
  CHECK(site.provenance.at("pue").high == 1.25);
  CHECK_THROWS_AS(site_of(study, "two"), std::logic_error);
}

TEST_CASE("dies that cannot be are config errors at the key") {
  Deployment d = deployment();
  d.chip.message.mutable_die()->set_cores_needed(26);
  d.chip.provenance["die.cores_needed"].at = {"chips/a.yaml", 7, 3};
  CHECK_THROWS_WITH(
      cost(d),
      "chips/a.yaml:7:3: die.cores_needed is 26, die.cores 25 (a die cannot need more "
      "cores than it has)");
  d = deployment();
  d.process->message.set_wafer_diameter(0.04);
  CHECK_THROWS_WITH(cost(d), Catch::Contains("no die of this outline fits a wafer of process fab"));
}
