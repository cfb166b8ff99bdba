#include "study/validate/summary.h"

#include <catch2/catch.hpp>

using namespace reticle;
using namespace reticle::study;

TEST_CASE("errors are shares of the measurement, percentiles interpolate") {
  // Errors -50 %, 0, +10 %, +20 %, +100 %.
  const ErrorSummary errors = summarise({{100, 120}, {10, 5}, {1, 1}, {1000, 1100}, {0.5, 1}});
  CHECK(errors.n() == 5);
  CHECK(errors.mape() == Approx(0.36));
  CHECK(errors.median_ape() == Approx(0.2));
  CHECK(errors.p90_ape() == Approx(0.8));  // rank 3.6 of 0, .1, .2, .5, 1
  CHECK(errors.bias() == Approx(0.1));
  CHECK(summarise({}).n() == 0);
}

TEST_CASE("a band holds up to its edge, and nothing compared is not within it") {
  ErrorBand band;
  band.set_median_ape(0.25);
  band.set_p90_ape(0.25);
  CHECK(within(summarise({{4, 5}}), band));
  CHECK_FALSE(within(summarise({{4, 5.001}}), band));
  CHECK_FALSE(within(summarise({}), band));
}
