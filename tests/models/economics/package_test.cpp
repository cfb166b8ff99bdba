#include "models/economics/package.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace reticle::economics;

namespace {

PackageBill ascend_910c() {
  PackageBill bill;
  bill.dies = {{2, 865.38, 0.99}};
  bill.hbm = {{8, 160, 0.995}};
  bill.interposer = 500;
  bill.substrate = 60;
  bill.test = 150;
  bill.final_yield = 0.97;
  return bill;
}

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
  CHECK(cost.packaging_and_test() == 500 + 60 + 150);
  CHECK(assembly_yield(bill) == 1);
}

TEST_CASE("the parts add up to the staged line, each with its own scrap") {
  const PackageCost cost = package_cost(ascend_910c());
  const double y_die = 0.99 * 0.99;
  const double y_hbm = std::pow(0.995, 8);
  CHECK(cost.dies == Approx(2 * 865.38 / (y_die * y_hbm * 0.97)).epsilon(1e-9));
  CHECK(cost.hbm == Approx(8 * 160 / (y_hbm * 0.97)).epsilon(1e-9));
  CHECK(cost.packaging_and_test() ==
        Approx(500 / (y_die * y_hbm * 0.97) + 210 / 0.97).epsilon(1e-9));
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

TEST_CASE("two modules: a bad one is scrapped without its neighbour") {
  PackageBill two = ascend_910c();
  two.modules = 2;
  CHECK(package_cost(two).total() < package_cost(ascend_910c()).total());
  CHECK(assembly_yield(two) == assembly_yield(ascend_910c()));
  // One die and four stacks on each interposer.
  const double module = cost_per_good({{865.38 + 250, 0, 0.99}, {4 * 160, 0, std::pow(0.995, 4)}});
  CHECK(package_cost(two).total() ==
        Approx(cost_per_good({{2 * module + 60, 150, 0.97}})).epsilon(1e-12));
  two.module_attach_yield = 0.9;
  CHECK(package_cost(two).total() ==
        Approx(cost_per_good({{2 * module + 60, 150, 0.97 * 0.81}})).epsilon(1e-12));
}

TEST_CASE("chip-first loses dies with their interposer, chip-last only the interposer") {
  PackageBill last = ascend_910c();
  last.interposer_yield = 0.9;
  PackageBill first = last;
  first.assembly = reticle::ASSEMBLY_CHIP_FIRST;
  const PackageCost perfect = package_cost(ascend_910c());
  CHECK(package_cost(last).dies == perfect.dies);
  CHECK(package_cost(last).interposer == Approx(perfect.interposer / 0.9));
  CHECK(package_cost(first).dies == Approx(perfect.dies / 0.9));
  CHECK(package_cost(first).hbm == perfect.hbm);
  CHECK(package_cost(first).total() > package_cost(last).total());
}

TEST_CASE("a die that escaped its test costs the whole package") {
  PackageBill bill = ascend_910c();
  bill.good_dies = 0.97;
  CHECK(package_cost(bill).total() == Approx(package_cost(ascend_910c()).total() / 0.97));
}

TEST_CASE("the bill of a package's config") {
  reticle::Package package;
  package.set_dies(2);
  package.set_hbm_stacks(8);
  package.set_hbm_stack_cost(160);
  package.set_die_attach_yield(0.99);
  package.set_hbm_attach_yield(0.995);
  package.set_interposer_cost(500);
  package.set_substrate_cost(60);
  package.set_test_cost(150);
  package.set_final_yield(0.97);
  package.set_modules(1);
  package.set_module_attach_yield(1);
  package.set_interposer_yield(1);
  CHECK(package_cost(package_bill(package, 865.38)).total() ==
        Approx(package_cost(ascend_910c()).total()).epsilon(1e-14));
  CHECK(package_bill(package, 1, 0.01).good_dies == Approx(0.9801));
}

TEST_CASE("a stack of HBM grown die by die: y to the power of its layers, and scrap") {
  reticle::Package package;
  package.set_hbm_stack_cost(192);
  CHECK(hbm_stack_usd(package) == 192);  // bought
  reticle::HbmStack& stack = *package.mutable_hbm_stack();
  stack.set_layers(8);
  stack.set_dram_die_cost(0);
  stack.set_base_die_cost(30);
  stack.set_layer_yield(0.99);
  CHECK(hbm_stack_usd(package) == Approx(30 / 0.922745).epsilon(1e-5));  // row STACK_8_0.99
  stack.set_base_die_cost(0);
  stack.set_dram_die_cost(10);
  // Only the first die passes all eight bonds.
  CHECK(hbm_stack_usd(package) > 80 / 0.99);
  CHECK(hbm_stack_usd(package) < 80 / 0.922745);
  stack.set_layer_yield(1);
  stack.set_test_cost(5);
  CHECK(hbm_stack_usd(package) == Approx(85));
}
