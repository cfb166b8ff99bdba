#include "models/economics/yield.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

#include "schema/errors.h"

using namespace reticle;
using namespace reticle::economics;

namespace {

constexpr double kCm2 = 1e-4;
constexpr double kPerCm2 = 1e4;
constexpr DieDesign kAscend910{6.656 * kCm2, 0.55, 25, 24};

}  // namespace

TEST_CASE("without defects every die is good, but for systematic losses") {
  CHECK(die_yield(kAscend910, 0) == 1);
  CHECK(die_yield(kAscend910, 0, 0.9) == 0.9);
}

TEST_CASE("yield falls strictly with defects, rises with spares, stays in 0..1") {
  double last = 1;
  for (double d0 = 0.01; d0 < 3; d0 *= 1.3) {
    const double yield = die_yield(kAscend910, d0 * kPerCm2);
    CHECK(yield < last);
    CHECK(yield > 0);
    last = yield;
    DieDesign bin = kAscend910;
    double fewer_needed = yield;
    for (bin.cores_needed = 23; bin.cores_needed >= 1; --bin.cores_needed) {
      const double y = die_yield(bin, d0 * kPerCm2);
      CHECK(y >= fewer_needed);
      CHECK(y <= std::exp(-d0 * 6.656 * 0.45) * (1 + 1e-12));  // the uncore has no spare
      fewer_needed = y;
    }
  }
}

TEST_CASE("no spare core is plain Poisson over the whole die") {
  DieDesign no_spare = kAscend910;
  no_spare.cores_needed = 25;
  const double plain = std::exp(-0.2 * 6.656);
  CHECK(die_yield(no_spare, 0.2 * kPerCm2) == Approx(plain).epsilon(1e-12));
  CHECK(die_yield({6.656 * kCm2, 0, 25, 1}, 0.2 * kPerCm2) == Approx(plain).epsilon(1e-12));
  CHECK(die_yield(kAscend910, 0.2 * kPerCm2) > plain * 1.1);
}

TEST_CASE("two cores, one needed: the closed form by hand") {
  // Die of cores only: 1 - (1 - p)^2 with p = exp(-D A / 2).
  const double p = std::exp(-0.3);
  CHECK(die_yield({1 * kCm2, 1, 2, 1}, 0.6 * kPerCm2) ==
        Approx(1 - (1 - p) * (1 - p)).epsilon(1e-12));
}

TEST_CASE("the three anchors of the 910 defect prior") {
  // 24 of 25 cores, Poisson, core share 0.55, 665.6 mm2.
  const auto d0 = [](double yield) { return defect_density(kAscend910, yield) / kPerCm2; };
  CHECK(d0(0.60) == Approx(0.139).margin(5e-4));
  CHECK(d0(0.33) == Approx(0.272).margin(5e-4));
  CHECK(d0(0.20) == Approx(0.374).margin(5e-4));
}

TEST_CASE("inverting a yield returns the density it came from") {
  for (const double d0 : {0.01, 0.139, 0.9, 5.0}) {
    const double yield = die_yield(kAscend910, d0 * kPerCm2, 0.8);
    CHECK(defect_density(kAscend910, yield, 0.8) == Approx(d0 * kPerCm2).epsilon(1e-9));
  }
  CHECK(defect_density(kAscend910, 0.8, 0.8) == Approx(0).margin(1e-6));
}

TEST_CASE("a yield that no density gives, and a die that cannot be") {
  CHECK_THROWS_WITH(defect_density(kAscend910, 0.9, 0.8),
                    "a yield of 0.900000 has no defect density (it must be above 0 and at most the "
                    "systematic yield, 0.800000)");
  CHECK_THROWS_AS(defect_density(kAscend910, 0), UsageError);
  CHECK_THROWS_AS(die_yield({1e-4, 0.5, 24, 25}, 1), std::domain_error);
}
