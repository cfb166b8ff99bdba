#include <catch2/catch.hpp>

#include "schema/errors.h"
#include "study/supply/supply_study.h"

using namespace reticle;
using namespace reticle::study;

namespace {

SupplyInputs load(const std::string& name, const std::vector<config::Setting>& settings = {}) {
  config::Catalog catalog(RETICLE_SOURCE_DIR "/configs", settings);
  return load_supply(catalog, name);
}

const NamedValue& named(const google::protobuf::RepeatedPtrField<NamedValue>& list,
                        const std::string& name) {
  for (const NamedValue& one : list) {
    if (one.name() == name) {
      return one;
    }
  }
  FAIL("no " << name);
  return list.Get(0);
}

}  // namespace

TEST_CASE("what one year leaves over is the next one's stock") {
  const auto years = supply_years(load("ascend-910c"));
  REQUIRE(years.size() == 3);
  for (std::size_t i = 1; i < years.size(); ++i) {
    CHECK(years[i].means.dies_in_stock == Approx(years[i - 1].supply.dies_left));
  }
  // Dies in = dies out.
  double in = 2.4e6;
  double out = 0;
  for (const YearOutcome& year : years) {
    in += year.means.wafers * year.means.dies_per_wafer * year.means.yield;
    out += 2 * year.supply.packages / year.means.assembly_yield;
  }
  CHECK(in == Approx(out + years.back().supply.dies_left));
}

TEST_CASE("a year's report: the binding limit has no slack, shares sum to one") {
  const SupplyReport report = supply_report(load("ascend-910c"), 1, 2000);
  for (const SupplyYearReport& year : report.years()) {
    INFO(year.year());
    CHECK(named(year.slack(), year.binding()).value() == 0);
    double shares = 0;
    for (const NamedValue& share : year.binding_share()) {
      shares += share.value();
    }
    CHECK(shares == Approx(1));
    for (const NamedQuantiles& limit : year.limits()) {
      CHECK(year.packages().p50() <= limit.value().p50() * (1 + 1e-12));
    }
  }
  CHECK(report.years(0).binding() == "hbm");
}

TEST_CASE("HBM without end: logic binds, and the demand's yield and wafers are told") {
  const SupplyReport report =
      supply_report(load("half-of-tsmc", {{"supply.half-of-tsmc.years.2026.hbm_stacks", "1e9"},
                                          {"chips.ascend-910c.die.reported_dies_per_wafer", "78"},
                                          {"supply.half-of-tsmc.years.2026.yield", "0.58"}}),
                    1, 2000);
  const SupplyYearReport& year = report.years(0);
  CHECK(year.binding() == "logic");
  const DemandReport& total = year.demands(0);
  CHECK(total.wafers_per_month_needed() == Approx(17965).epsilon(1e-3));  // cost.md, claim 6
  CHECK(year.demands(1).wafers_per_month_needed() == Approx(6647).epsilon(1e-3));
  CHECK(total.yield_needed() == Approx(0.29 * 17965 / 13000).epsilon(1e-3));
  CHECK(total.met() < 0.2);
  CHECK(year.demands(1).met() > 0.9);
}

TEST_CASE("the yield of a year without one follows the process as it learns") {
  const std::string path = "supply.half-of-tsmc.years.2026.";
  const auto at = [&](const std::string& age) {
    return supply_years(load(
        "half-of-tsmc",
        {{path + "yield", "null"}, {path + "yield_factor", "1"}, {path + "process_age", age}}))[0]
        .means.yield;
  };
  CHECK(at("0 year") == Approx(0.20).margin(0.001));
  CHECK(at("2 year") > at("1 year"));
  CHECK(at("50 year") < 1);
}

TEST_CASE("the same seed, the same bytes, the report in words") {
  const SupplyInputs inputs = load("ascend-910c");
  const SupplyReport once = supply_report(inputs, 1, 500);
  CHECK(once.SerializeAsString() == supply_report(inputs, 1, 500).SerializeAsString());
  CHECK_THAT(supply_text(once), Catch::Contains("hbm binds at the modes"));
}

TEST_CASE("nonsense is refused where it stands") {
  const std::string path = "supply.half-of-tsmc.years.2026.";
  CHECK_THROWS_WITH(load("half-of-tsmc", {{path + "yield_factor", "2"}}),
                    Catch::StartsWith("--set " + path + "yield_factor: a yield over 1"));
  CHECK_THROWS_WITH(load("half-of-tsmc", {{path + "process_age", "2 year"},
                                          {"processes.smic-n2.learning", "null"}}),
                    Catch::Contains("learning"));
  CHECK_THROWS_WITH(load("half-of-tsmc", {{path + "demands.total.packages", "5"}}),
                    Catch::Contains("needs either packages, or money and price"));
  CHECK_THROWS_AS(load("half-of-tsmc", {{path + "wafers_per_month", "-1"}}), ConfigError);
  CHECK_THROWS_AS(load("nowhere"), UsageError);
}

TEST_CASE("supply counts whole dies, also where a formula counts broken ones") {
  // cost.md 3.2, trap 7: de Vries gives 80.37 dies of 665.61 mm2.
  const SupplyInputs inputs = load("half-of-tsmc", {{"processes.smic-n2.counting", "de_vries"}});
  CHECK(inputs.plan.dies_per_wafer == Approx(80.37).margin(0.01));
  CHECK(supply_years(inputs)[0].means.dies_per_wafer == 80);
}
