#include "sim/power/voltage_curve.h"

#include <catch2/catch.hpp>

using namespace reticle::power;

namespace {

const VoltageCurve kRamp = {4e8, 1e9, 2e9, 3e8, 0.7, 0.9};

}  // namespace

TEST_CASE("the least voltage up to the knee, then linear") {
  CHECK(kRamp.voltage(4e8) == 0.7);
  CHECK(kRamp.voltage(1e9) == 0.7);
  CHECK(kRamp.voltage(1.5e9) == Approx(0.8));
  CHECK(kRamp.voltage(2e9) == Approx(0.9));
}

TEST_CASE("clocks are whole steps below the highest, none below the lowest") {
  CHECK(kRamp.clocks() == 6);
  CHECK(kRamp.clock_hz(5) == 2e9);
  CHECK(kRamp.clock_hz(4) == 1.7e9);
  CHECK(kRamp.clock_hz(0) == 5e8);  // 2e8 would be below 4e8
}

TEST_CASE("a chip of one clock has one choice") {
  const VoltageCurve fixed = fixed_clock(1.8e9);
  CHECK(fixed.clocks() == 1);
  CHECK(fixed.clock_hz(0) == 1.8e9);
  CHECK(fixed.voltage(1.8e9) == 1);
}
