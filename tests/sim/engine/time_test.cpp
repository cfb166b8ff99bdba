#include "sim/engine/time.h"

#include <catch2/catch.hpp>

using namespace reticle::engine;

TEST_CASE("cycles become picoseconds once, so that a clock does not drift") {
  const ClockDomain h800(1.755e9);  // 569.8005698... ps
  CHECK(h800.to_ps(0) == 0);
  CHECK(h800.to_ps(1) == 570);
  CHECK(h800.to_ps(2) == 1140);  // 1139.6, not 2 x 570
  CHECK(h800.to_ps(3) == 1709);  // 1709.4
  CHECK(h800.to_ps(1000000000) == 569800569801);
  const ClockDomain ascend(1.8e9);
  CHECK(ascend.to_ps(1800000000) == 1000000000000);
  for (Cycles cycles = 1; cycles < 2000; ++cycles) {
    const double exact = static_cast<double>(cycles) * 1e12 / 1.755e9;
    REQUIRE(std::abs(static_cast<double>(h800.to_ps(cycles)) - exact) <= 0.5);
  }
}

TEST_CASE("a transfer takes whole picoseconds and is never faster than its link") {
  CHECK(transfer_ps(0, 1e9) == 0);
  CHECK(transfer_ps(1000, 1e12) == 1000);
  CHECK(transfer_ps(1, 3e12) == 1);
  CHECK(transfer_ps(4, 3e12) == 2);  // 1.33
  CHECK(transfer_ps(6, 3e12) == 2);  // exactly 2
  CHECK(transfer_ps(7, 3e12) == 3);
  CHECK(seconds_to_ps(1.5e-9) == 1500);
}
