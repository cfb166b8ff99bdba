#include "models/economics/operation.h"

#include <catch2/catch.hpp>

using namespace reticle::economics;

TEST_CASE("capital recovery: a year's loan, no interest, and continuity towards none") {
  CHECK(capital_recovery_factor(0.25, 1) == Approx(1.25).epsilon(1e-14));
  CHECK(capital_recovery_factor(0, 4) == 0.25);
  CHECK(capital_recovery_factor(1e-12, 4) == Approx(0.25).epsilon(1e-9));
  CHECK(capital_recovery_factor(0.1, 5) < capital_recovery_factor(0.2, 5));
  CHECK(capital_recovery_factor(0.1, 5) > capital_recovery_factor(0.1, 6));
}

TEST_CASE("wall power: supplies, then the facility") {
  const WallPower power = wall_power({8 * 700, 4600, 0}, 0.96, 1.2);
  CHECK(power.it == Approx(10625));
  CHECK(power.facility == Approx(12750));
}

TEST_CASE("an hour of one kilowatt and 8,760 dollars, term by term") {
  Terms terms;
  terms.electricity = 0.10;
  terms.hosting = 73;  // a month is 730 hours
  terms.life = 2;
  terms.maintenance = 0.05;
  const HourlyCost cost = hourly_cost(8760, {1000, 1500}, terms);
  CHECK(cost.capital == Approx(0.5));
  CHECK(cost.energy == Approx(0.15));
  CHECK(cost.maintenance == Approx(0.05));
  CHECK(cost.hosting == Approx(0.1));
  CHECK(cost.total() == Approx(0.8));
  terms.availability = 0.8;
  CHECK(hourly_cost(8760, {1000, 1500}, terms).total() == Approx(1.0));
}

TEST_CASE("half the tokens sold doubles the price of one") {
  CHECK(usd_per_million_tokens(3.6, 1000, 1) == Approx(1));
  CHECK(usd_per_million_tokens(3.6, 1000, 0.5) == Approx(2));
}
