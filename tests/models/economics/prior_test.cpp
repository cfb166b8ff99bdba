#include "models/economics/prior.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "schema/errors.h"

using namespace reticle;
using namespace reticle::economics;

namespace {

config::Origin origin(const std::string& distribution, double low, double high) {
  config::Origin origin;
  origin.at = {"p.yaml", 3, 5};
  origin.distribution = distribution;
  origin.low = low;
  origin.high = high;
  return origin;
}

double mean(const Prior& prior) {
  constexpr int kSteps = 20000;
  double sum = 0;
  for (int i = 0; i < kSteps; ++i) {
    sum += prior.quantile((i + 0.5) / kSteps) / kSteps;
  }
  return sum;
}

}  // namespace

TEST_CASE("means of the bounded distributions") {
  CHECK(mean(prior_of(origin("", 2, 10), 3, "x")) == Approx(5).epsilon(1e-4));
  CHECK(mean(prior_of(origin("pert", 2, 10), 3, "x")) == Approx((2 + 12 + 10) / 6.0).epsilon(1e-4));
  CHECK(mean(prior_of(origin("uniform", 2, 10), 3, "x")) == Approx(6).epsilon(1e-4));
}

TEST_CASE("lognormal by its median and 95th percentile") {
  config::Origin lognormal;
  lognormal.distribution = "lognormal";
  lognormal.value = 100;
  lognormal.high = 200;
  CHECK(varies(lognormal));
  const Prior prior = prior_of(lognormal, 100, "x");
  CHECK(prior.quantile(0.5) == Approx(100));
  CHECK(prior.quantile(0.95) == Approx(200));
  CHECK(prior.quantile(0.05) == Approx(50));
  CHECK(prior.low == Approx(50));
}

TEST_CASE("discrete scenarios by their weights") {
  config::Origin discrete;
  discrete.distribution = "discrete";
  discrete.outcomes = {10, 20, 30};
  discrete.weights = {1, 1, 2};
  const Prior prior = prior_of(discrete, 20, "x");
  CHECK(prior.quantile(0.24) == 10);
  CHECK(prior.quantile(0.26) == 20);
  CHECK(prior.quantile(0.51) == 30);
  CHECK(prior.quantile(0.999) == 30);
  CHECK(prior.high == 30);
}

TEST_CASE("what does not vary, and a range without its number") {
  CHECK_FALSE(varies({}));
  CHECK_FALSE(varies(origin("", 3, 3)));
  CHECK_THROWS_WITH(prior_of(origin("", 10, 30), 40, "chips.c.price"),
                    "p.yaml:3:5: chips.c.price is outside its own range (low must be at most the "
                    "value, high at least)");
}
