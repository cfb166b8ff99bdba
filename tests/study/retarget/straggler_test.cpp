#include "study/retarget/straggler.h"

#include <catch2/catch.hpp>

namespace reticle::study {

TEST_CASE("the busiest of many ranks, from the spread of one rank's layers") {
  // Mean 100, standard deviation 10; the largest of 64 normal draws is 2.34 deviations out.
  CHECK(straggler_share({90, 110, 100}, 64) == Approx(0.234).margin(0.001));
  CHECK(straggler_share({90, 110, 100}, 2) == Approx(0.059).margin(0.003));  // 0.564 is exact
  CHECK(straggler_share({900, 1100, 1000}, 64) == Approx(straggler_share({90, 110, 100}, 64)));
}

TEST_CASE("nobody to wait for: one rank, one layer, equal loads") {
  CHECK(straggler_share({90, 110}, 1) == 0);
  CHECK(straggler_share({90}, 64) == 0);
  CHECK(straggler_share({90, 90, 90}, 64) == 0);
}

}  // namespace reticle::study
