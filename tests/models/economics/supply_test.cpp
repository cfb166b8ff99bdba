#include "models/economics/supply.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace reticle::economics;

namespace {

YearMeans year() {
  YearMeans means;
  means.wafers = 12 * 7000;
  means.dies_per_wafer = 78;
  means.yield = 0.3;
  means.assembly_yield = 0.9;
  means.dies_each = 2;
  means.stacks_each = 8;
  return means;
}

}  // namespace

TEST_CASE("without other limits logic binds, and all dies are used") {
  const YearSupply supply = supply_of(year());
  CHECK(supply.packages == Approx(884520));
  CHECK(supply.binding == Limit::kLogic);
  CHECK(supply.dies_left == Approx(0).margin(1e-6));
  CHECK(std::isinf(supply.hbm));
  CHECK_FALSE(break_even_yield(year()));
}

TEST_CASE("HBM binds: dies are left over, stacks are not") {
  YearMeans means = year();
  means.stacks = 4e6;
  const YearSupply supply = supply_of(means);
  CHECK(supply.packages == Approx(450000));
  CHECK(supply.binding == Limit::kHbm);
  CHECK(supply.stacks_left == Approx(0).margin(1e-6));
  CHECK(supply.dies_left == Approx(12 * 7000 * 78 * 0.3 - 2 * 500000));
}

TEST_CASE(
    "at the break-even yield both limits are the same, just above and below the other binds") {
  YearMeans means = year();
  means.stacks = 4e6;
  const double yield = *break_even_yield(means);
  CHECK(yield == Approx(2 * 500000 / (12 * 7000 * 78.0)));
  means.yield = yield * 1.001;
  CHECK(supply_of(means).binding == Limit::kHbm);
  means.yield = yield * 0.999;
  CHECK(supply_of(means).binding == Limit::kLogic);
}

TEST_CASE("packaging lines bind when they are the least") {
  YearMeans means = year();
  means.packaging_starts = 1000;
  CHECK(supply_of(means).packages == 900);
  CHECK(supply_of(means).binding == Limit::kPackaging);
}

TEST_CASE("what a demand takes, in yield and in wafers") {
  YearMeans means = year();
  CHECK(*yield_needed(means, 884520) == Approx(0.3));
  CHECK(*wafers_needed(means, 884520) == Approx(7000));
  means.yield = 0.15;
  CHECK(*wafers_needed(means, 884520) == Approx(14000));
  CHECK_FALSE(yield_needed(means, 1e8));  // over 1
  means.stacks = 8;
  CHECK_FALSE(yield_needed(means, 2));
  CHECK_FALSE(wafers_needed(means, 2));
}

TEST_CASE("a stock of dies needs no wafers") {
  YearMeans means = year();
  means.dies_in_stock = 2.9e6;
  CHECK(*wafers_needed(means, 1e6) == 0);
  CHECK(supply_of(means).logic == Approx(884520 + 0.9 * 1.45e6));
}
