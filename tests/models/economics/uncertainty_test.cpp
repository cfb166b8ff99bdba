#include "models/economics/uncertainty.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

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

std::vector<double> wafer_draws(const std::string& prefix, uint64_t seed, uint64_t n) {
  Process process;
  process.set_wafer_cost(13500);
  UncertainInputs inputs(seed);
  inputs.add(process, {{"wafer_cost", range(10000, 16000)}}, prefix, {"wafer_cost"});
  std::vector<double> draws;
  for (uint64_t i = 0; i < n; ++i) {
    inputs.draw(i);
    draws.push_back(process.wafer_cost());
  }
  return draws;
}

}  // namespace

TEST_CASE("draws are pure functions of seed, path and index, to the bit") {
  CHECK(uniform_draw(1, "a", 0) == uniform_draw(1, "a", 0));
  CHECK(uniform_draw(1, "a", 0) != uniform_draw(2, "a", 0));
  CHECK(uniform_draw(1, "a", 0) != uniform_draw(1, "b", 0));
  CHECK(uniform_draw(1, "a", 0) != uniform_draw(1, "a", 1));
}

TEST_CASE("draws equal those of an independent FNV-1a and SplitMix64") {
  // Computed in Python; its parts give the published vectors: SplitMix64 from state 0
  // e220a8397b1dcdaf, FNV-1a of "foobar" 85944171f73967e8.
  CHECK(uniform_draw(1, "a", 0) == 0x1.e1f3e68a9a061p-1);
  CHECK(uniform_draw(1, "site.electricity", 9999) == 0x1.ae648fa69f19dp-1);
  CHECK(uniform_draw(~uint64_t{0}, "processes.smic-n2.defect_density", 1) == 0x1.3080b2001d130p-5);
}

TEST_CASE("draws fill (0, 1) evenly and two inputs are not correlated") {
  constexpr uint64_t kDraws = 20000;
  double mean = 0, product = 0, square = 0;
  for (uint64_t i = 0; i < kDraws; ++i) {
    const double a = uniform_draw(1, "processes.smic-n2.wafer_cost", i);
    const double b = uniform_draw(1, "processes.smic-n2.defect_density", i);
    REQUIRE((a > 0 && a < 1));
    mean += a / kDraws;
    square += a * a / kDraws;
    product += (a - 0.5) * (b - 0.5) / kDraws;
  }
  // Five standard errors of each mean.
  CHECK(mean == Approx(0.5).margin(5 * 0.28868 / 141.4));
  CHECK(square == Approx(1.0 / 3).margin(5 * 0.2981 / 141.4));
  CHECK(product == Approx(0).margin(5 * 0.0833 / 141.4));
}

TEST_CASE("a draw stays in its range, reproduces, and follows the prior") {
  const auto draws = wafer_draws("processes.x.", 1, 20000);
  CHECK(draws == wafer_draws("processes.x.", 1, 20000));
  CHECK(draws != wafer_draws("processes.y.", 1, 20000));
  CHECK(*std::min_element(draws.begin(), draws.end()) >= 10000);
  CHECK(*std::max_element(draws.begin(), draws.end()) <= 16000);
  // Mean (10 + 13.5 + 16) / 3 thousand; standard deviation 1,234.
  const double mean = std::accumulate(draws.begin(), draws.end(), 0.0) / 20000;
  CHECK(mean == Approx(39500.0 / 3).margin(5 * 1234 / 141.4));
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
  inputs.draw(7);
  CHECK(chip.package().price() != 20);
  CHECK(chip.package().rental() == 2);
  CHECK(chip.power().cap() == 375);
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
  inputs.draw(0);
  CHECK(process.defect_density() > 600);
  CHECK(process.defect_density() < 1000);
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
