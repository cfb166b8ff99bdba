#include "models/economics/yield_report.h"

#include <catch2/catch.hpp>

#include "tests/models/economics/ascend_910.h"

using namespace reticle;
using namespace reticle::economics;

namespace {

constexpr double kCm2 = 1e-4;

double implied(double yield, YieldCounts counts, double assembly_yield = 1) {
  YieldReport report;
  report.set_yield(yield);
  report.set_counts(counts);
  return *implied_density(report, test::ascend_910(), test::fab().message, assembly_yield) * kCm2;
}

}  // namespace

TEST_CASE("one reported yield, three densities: by what it counts (cost.md 1.1)") {
  CHECK(implied(0.40, YIELD_COUNTS_PERFECT) == Approx(0.138).margin(0.0005));   // Poisson
  CHECK(implied(0.40, YIELD_COUNTS_SELLABLE) == Approx(0.231).margin(0.0005));  // 24 of 25
  CHECK(implied(0.40, YIELD_COUNTS_PACKAGED, 0.8) == Approx(implied(0.50, YIELD_COUNTS_SELLABLE)));
}

TEST_CASE("the definition beside it names the spares") {
  Die die = test::ascend_910();
  CHECK(definition_of(die, YIELD_COUNTS_PERFECT) == "dies without any defect");
  CHECK(definition_of(die, YIELD_COUNTS_SELLABLE) == "sellable dies: 24 of 25 cores good");
  Block& block = *die.add_blocks();
  block.set_name("hbm_site");
  block.set_count(6);
  block.set_needed(5);
  CHECK(definition_of(die, YIELD_COUNTS_PACKAGED) ==
        "good packages, their dies with 24 of 25 cores good, 5 of 6 hbm_site");
}

TEST_CASE("a yield that no density gives, and layers of their own, imply none") {
  YieldReport report;
  report.set_yield(0.99);
  report.set_counts(YIELD_COUNTS_SELLABLE);
  Process fab = test::fab().message;
  fab.set_systematic_yield(0.9);
  CHECK_FALSE(implied_density(report, test::ascend_910(), fab, 1));
  report.set_yield(0.5);
  CHECK(implied_density(report, test::ascend_910(), fab, 1));
  fab.add_layers();
  CHECK_FALSE(implied_density(report, test::ascend_910(), fab, 1));
}
