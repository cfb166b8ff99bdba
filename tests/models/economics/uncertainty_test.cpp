#include "models/economics/uncertainty.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>
#include <tuple>

#include "schema/errors.h"

using namespace reticle;
using namespace reticle::economics;

namespace {

config::Origin range(double low, double high) {
  config::Origin origin;
  origin.at = {"p.yaml", 3, 5};
  origin.low = low;
  origin.high = high;
  return origin;
}

std::vector<double> wafer_draws(const std::string& prefix, uint64_t seed, uint32_t n) {
  Process process;
  process.set_wafer_cost(13500);
  UncertainInputs inputs(seed);
  inputs.add(process, {{"wafer_cost", range(10000, 16000)}}, prefix, {"wafer_cost"});
  std::vector<double> draws;
  inputs.sample(n, [&] { draws.push_back(process.wafer_cost()); });
  CHECK(process.wafer_cost() == 13500);  // the mode again
  return draws;
}

}  // namespace

TEST_CASE("a draw stays in its range, reproduces, and follows the prior") {
  const auto draws = wafer_draws("processes.x.", 1, 4096);
  CHECK(draws == wafer_draws("processes.x.", 1, 4096));
  CHECK(draws != wafer_draws("processes.y.", 1, 4096));
  CHECK(draws != wafer_draws("processes.x.", 2, 4096));
  CHECK(*std::min_element(draws.begin(), draws.end()) >= 10000);
  CHECK(*std::max_element(draws.begin(), draws.end()) <= 16000);
  // Mean (10 + 13.5 + 16) / 3 thousand, to a thousandth of its standard deviation of 1,234.
  const double mean = std::accumulate(draws.begin(), draws.end(), 0.0) / 4096;
  CHECK(mean == Approx(39500.0 / 3).margin(1.2));
}

TEST_CASE("two messages that share a path share its draws") {
  Site cheap;
  Site dear;
  cheap.set_electricity(0.05);
  dear.set_electricity(0.10);
  UncertainInputs inputs(1);
  inputs.add(cheap, {{"electricity", range(0.04, 0.06)}}, "site.", {""});
  inputs.add(dear, {{"electricity", range(0.08, 0.12)}}, "site.", {""});
  CHECK(inputs.paths() == std::vector<std::string>{"site.electricity"});
  inputs.sample(100, [&] { CHECK(dear.electricity() == Approx(2 * cheap.electricity())); });
}

TEST_CASE("numbers of keyed lists are found by their keys") {
  Supply supply;
  supply.add_years()->set_name("2025");
  SupplyYear& year = *supply.add_years();
  year.set_name("2026");
  year.set_wafers_per_month(13000);
  UncertainInputs inputs(1);
  inputs.add(supply, {{"years.2026.wafers_per_month", range(10000, 16000)}}, "supply.s.", {""});
  inputs.sample(1, [&] {
    CHECK(supply.years(0).wafers_per_month() == 0);
    CHECK(supply.years(1).wafers_per_month() != 13000);
  });
}

TEST_CASE("correlated inputs rise and fall together, impossible ones are refused at their place") {
  Process process;
  process.set_wafer_cost(100);
  process.set_defect_density(100);
  process.set_wafer_test_cost(100);
  for (const auto& [name, first, second, rank] :
       std::vector<std::tuple<const char*, const char*, const char*, double>>{
           {"price", "wafer_cost", "defect_density", 1}}) {
    Correlation& one = *process.add_correlations();
    one.set_name(name);
    one.set_first(first);
    one.set_second(second);
    one.set_rank(rank);
  }
  const config::Provenance provenance = {{"wafer_cost", range(50, 150)},
                                         {"defect_density", range(50, 150)},
                                         {"wafer_test_cost", range(50, 150)},
                                         {"correlations.price.rank", range(0, 0)}};
  {
    UncertainInputs inputs(1);
    inputs.add(process, provenance, "p.", {"wafer", "defect"});
    inputs.correlate(process.correlations(), provenance, "p.");
    inputs.sample(
        50, [&] { CHECK(process.defect_density() == Approx(process.wafer_cost()).epsilon(1e-6)); });
  }
  for (const char* second : {"wafer_cost", "defect_density"}) {
    Correlation& one = *process.add_correlations();
    one.set_first("wafer_test_cost");
    one.set_second(second);
    one.set_rank(second == std::string("wafer_cost") ? 0.5 : -0.5);
  }
  UncertainInputs inputs(1);
  inputs.add(process, provenance, "p.", {"wafer", "defect"});
  inputs.correlate(process.correlations(), provenance, "p.");
  CHECK_THROWS_WITH(
      inputs.sample(1, [] {}),
      "p.yaml:3:5: no joint distribution has these correlations (weaken one of them)");
}

TEST_CASE("only numbers with a range, in the sections asked for, are drawn") {
  Chip chip;
  chip.mutable_package()->set_price(20);
  chip.mutable_package()->set_rental(2);
  chip.mutable_power()->set_cap(375);
  const config::Provenance provenance = {
      {"package.price", range(10, 30)}, {"package.rental", {}}, {"power.cap", range(300, 400)}};
  UncertainInputs inputs(1);
  inputs.add(chip, provenance, "chips.c.", {"package.", "die.core_share"});
  CHECK(inputs.paths() == std::vector<std::string>{"chips.c.package.price"});
  inputs.sample(1, [&] {
    CHECK(chip.package().price() != 20);
    CHECK(chip.package().rental() == 2);
    CHECK(chip.power().cap() == 375);
  });
}

TEST_CASE("a range that does not hold its number, or holds a whole number, is an error") {
  Chip chip;
  chip.mutable_package()->set_price(40);
  chip.mutable_package()->set_dies(2);
  UncertainInputs inputs(1);
  CHECK_THROWS_WITH(
      inputs.add(chip, {{"package.price", range(10, 30)}}, "chips.c.", {"package."}),
      "p.yaml:3:5: chips.c.package.price is outside its own range (low must be at most "
      "the value, high at least)");
  CHECK_THROWS_WITH(
      inputs.add(chip, {{"package.dies", range(1, 3)}}, "chips.c.", {"package."}),
      "p.yaml:3:5: chips.c.package.dies is a whole number: it cannot have low and high "
      "(remove the range)");
}

TEST_CASE("a mode at the end of its range is a legal prior") {
  Process process;
  process.set_defect_density(1000);
  UncertainInputs inputs(1);
  inputs.add(process, {{"defect_density", range(600, 1000)}}, "p.", {"defect_density"});
  inputs.sample(1, [&] {
    CHECK(process.defect_density() > 600);
    CHECK(process.defect_density() < 1000);
  });
}

TEST_CASE("quantiles interpolate between order statistics") {
  std::vector<double> values(101);
  std::iota(values.rbegin(), values.rend(), 0);
  const Quantiles q = quantiles(values);
  CHECK(q.p5() == Approx(5));
  CHECK(q.p50() == Approx(50));
  CHECK(q.p95() == Approx(95));
  CHECK(quantiles({1, 2}).p50() == 1.5);
  CHECK(quantiles({3}).p95() == 3);
}
