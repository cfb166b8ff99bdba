#include "models/economics/yield.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <stdexcept>

#include "schema/errors.h"

using namespace reticle;
using namespace reticle::economics;

namespace {

constexpr double kCm2 = 1e-4;
constexpr double kPerCm2 = 1e4;
const DieDesign kAscend910{6.656 * kCm2, 0.55, 25, 24, {}};

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
  CHECK(die_yield({6.656 * kCm2, 0, 25, 1, {}}, 0.2 * kPerCm2) == Approx(plain).epsilon(1e-12));
  CHECK(die_yield(kAscend910, 0.2 * kPerCm2) > plain * 1.1);
}

TEST_CASE("two cores, one needed: the closed form by hand") {
  // Die of cores only: 1 - (1 - p)^2 with p = exp(-D A / 2).
  const double p = std::exp(-0.3);
  CHECK(die_yield({1 * kCm2, 1, 2, 1, {}}, 0.6 * kPerCm2) ==
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
  CHECK_THROWS_AS(die_yield({1e-4, 0.5, 24, 25, {}}, 1), std::domain_error);
}

namespace {

double binomial_at_least(int n, int k, double p) {
  double sum = 0;
  for (int i = k; i <= n; ++i) {
    sum += std::exp(std::lgamma(n + 1) - std::lgamma(i + 1) - std::lgamma(n - i + 1) +
                    i * std::log(p) + (n - i) * std::log1p(-p));
  }
  return sum;
}

// One gamma density a die: the midpoint rule in its own variable, with nothing of the model.
double plain_quadrature(double area, double d0, double alpha, double share, int n, int k) {
  constexpr int kSteps = 20000;
  const double top = 1 + 12 / std::sqrt(alpha) + 30 / alpha;
  double sum = 0;
  double weight = 0;
  for (int i = 0; i < kSteps; ++i) {
    const double g = top * (i + 0.5) / kSteps;
    const double w = std::exp((alpha - 1) * std::log(g) - alpha * (g - 1));
    const double m = d0 * area * g;
    sum += w * std::exp(-m * (1 - share)) * binomial_at_least(n, k, std::exp(-m * share / n));
    weight += w;
  }
  return sum / weight;
}

}  // namespace

TEST_CASE("random dies agree with a plain numerical quadrature") {
  std::mt19937_64 random(11);
  const auto between = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  for (int i = 0; i < 12; ++i) {
    const double area = between(0.5, 8.5);
    const double d0 = between(0.02, 0.5);
    const double alpha = between(1.5, 12);
    const double share = between(0.2, 0.8);
    const int n = int(between(4, 60));
    const int k = int(between(1, n + 0.999));
    INFO(area << " cm2 " << d0 << " alpha " << alpha << " " << k << " of " << n);
    const DieDesign die{area * kCm2, share, n, k, {}};
    const Defects defects{d0 * kPerCm2, {YIELD_LAW_NEGATIVE_BINOMIAL, alpha, 1}, 1, 1};
    CHECK(die_yield(die, defects) ==
          Approx(plain_quadrature(area, d0, alpha, share, n, k)).epsilon(1e-5));
  }
}

TEST_CASE("spares under clustering: edges meet the closed forms") {
  const DefectLaw clustered{YIELD_LAW_NEGATIVE_BINOMIAL, 2, 1};
  DieDesign none = kAscend910;
  none.cores_needed = 25;
  const Defects defects{2000, clustered, 1, 1};
  CHECK(die_yield(none, defects) == Approx(std::pow(1 + 0.2 * 6.656 / 2, -2)).epsilon(1e-12));
  CHECK(die_yield(kAscend910, {0, clustered, 1, 1}) == Approx(1).epsilon(1e-12));
  // Hardly any clustering is Poisson.
  CHECK(die_yield(kAscend910, {2000, {YIELD_LAW_NEGATIVE_BINOMIAL, 1e8, 1}, 1, 1}) ==
        Approx(die_yield(kAscend910, 2000)).epsilon(1e-6));
}

TEST_CASE("clustering is the die's: independent factors for cores and the rest are wrong") {
  // Trap: (1 + m_core / alpha)^-alpha for each part, multiplied.
  const double m = 0.2 * 6.656;
  const double apart = std::pow(1 + m * 0.45 / 2, -2) * std::pow(1 + m * 0.55 / 2, -2);
  DieDesign none = kAscend910;
  none.cores_needed = 25;
  CHECK(die_yield(none, {2000, {YIELD_LAW_NEGATIVE_BINOMIAL, 2, 1}, 1, 1}) > apart * 1.05);
}

TEST_CASE("yields under every law stay in 0..1 however many spares there are") {
  for (const YieldLaw law : {YIELD_LAW_POISSON, YIELD_LAW_MURPHY, YIELD_LAW_RECTANGULAR,
                             YIELD_LAW_SEEDS, YIELD_LAW_BOSE_EINSTEIN}) {
    for (const double d0 : {0.0, 0.01, 0.3, 5.0}) {
      for (const int needed : {1, 12, 25}) {
        const double yield =
            die_yield({6.656 * kCm2, 1, 25, needed, {}}, {d0 * kPerCm2, {law, 0, 5}, 1, 1});
        CHECK(yield >= 0);
        CHECK(yield <= 1);
      }
    }
  }
}

TEST_CASE("half the critical area is half the density") {
  CHECK(die_yield(kAscend910, {2000, {}, 0.5, 1}) == die_yield(kAscend910, 1000));
}
