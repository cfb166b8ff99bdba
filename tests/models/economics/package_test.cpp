#include "models/economics/package.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace reticle::economics;

namespace {

PackageBill ascend_910c() { return {{{2, 865.38, 0.99}}, {{8, 160, 0.995}}, 500, 60, 150, 0.97}; }

}  // namespace

TEST_CASE("a lost unit costs 1/y, not 1 + (1 - y)") {
  CHECK(cost_per_good({{100, 0, 0.7}}) == Approx(142.857142857).epsilon(1e-9));
}

TEST_CASE("only material already committed is scrapped with a bad unit") {
  CHECK(cost_per_good({{100, 0, 0.5}, {50, 0, 1}}) == 250);
  CHECK(cost_per_good({{100, 0, 1}, {50, 0, 0.5}}) == 300);
  CHECK(cost_per_good({{100, 10, 1}}) == 110);
  CHECK(cost_per_good({}) == 0);
}

TEST_CASE("perfect assembly costs its materials") {
  PackageBill bill = ascend_910c();
  bill.dies[0].attach_yield = bill.hbm[0].attach_yield = bill.final_yield = 1;
  const PackageCost cost = package_cost(bill);
  CHECK(cost.dies == Approx(2 * 865.38));
  CHECK(cost.hbm == 8 * 160);
  CHECK(cost.packaging_and_test == 500 + 60 + 150);
  CHECK(assembly_yield(bill) == 1);
}

TEST_CASE("the parts add up to the staged line, each with its own scrap") {
  const PackageCost cost = package_cost(ascend_910c());
  const double y_die = 0.99 * 0.99;
  const double y_hbm = std::pow(0.995, 8);
  CHECK(cost.dies == Approx(2 * 865.38 / (y_die * y_hbm * 0.97)).epsilon(1e-9));
  CHECK(cost.hbm == Approx(8 * 160 / (y_hbm * 0.97)).epsilon(1e-9));
  CHECK(cost.packaging_and_test == Approx(500 / (y_die * y_hbm * 0.97) + 210 / 0.97).epsilon(1e-9));
  CHECK(cost.total() ==
        Approx(cost_per_good({{2 * 865.38 + 500, 0, y_die}, {8 * 160, 0, y_hbm}, {60, 150, 0.97}}))
            .epsilon(1e-9));
}

TEST_CASE("committing everything before the first loss can only cost more") {
  const PackageBill bill = ascend_910c();
  const double all_first =
      cost_per_good({{2 * 865.38 + 8 * 160 + 500 + 60, 150, assembly_yield(bill)}});
  CHECK(package_cost(bill).total() < all_first);
  CHECK(package_cost(bill).total() > all_first * 0.95);
}

TEST_CASE("cost does not depend on how identical dies are listed") {
  PackageBill one_by_one = ascend_910c();
  one_by_one.dies = {{1, 865.38, 0.99}, {1, 865.38, 0.99}};
  one_by_one.hbm = {{3, 160, 0.995}, {5, 160, 0.995}};
  CHECK(package_cost(one_by_one).total() ==
        Approx(package_cost(ascend_910c()).total()).epsilon(1e-14));
}
