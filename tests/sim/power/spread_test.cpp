#include "sim/power/spread.h"

#include <catch2/catch.hpp>

using namespace reticle::power;

TEST_CASE("the largest of n normal draws, as Harter's tables have it (1961)") {
  CHECK(expected_largest(1) == 0);
  CHECK(expected_largest(2) == Approx(0.56419).epsilon(0.05));
  CHECK(expected_largest(10) == Approx(1.53875).epsilon(0.01));
  CHECK(expected_largest(100) == Approx(2.50759).epsilon(0.01));
}

TEST_CASE("the hottest chip burns more in its cores, and its board and memory burn the same") {
  ChipSpec chip;
  chip.curve = {4e8, 1e9, 2e9, 1e8, 0.7, 0.9};
  chip.nominal_clock_hz = 2e9;
  chip.idle_w = 100;
  chip.clock_tree_w = 50;
  chip.leakage_w = 20;
  chip.leakage_c = chip.coolant_c = 60;
  chip.spread = 0.04;
  const State mean = steady_state(chip, 2e9, {200, 80});
  const State most = steady_state(hottest(chip, 100), 2e9, {200, 80});
  const double burn = 1 + 0.04 * expected_largest(100);
  CHECK(most.core_scale == Approx(burn));
  CHECK(most.clock_tree_w == Approx(50 * burn));
  CHECK(most.leakage_w == Approx(20 * burn));
  CHECK(most.board_w == mean.board_w);
  CHECK(most.power_w == Approx(mean.power_w + (200 + 50 + 20) * (burn - 1)));
}

TEST_CASE("one chip, or chips that are all alike, have no hottest") {
  ChipSpec chip;
  chip.spread = 0.04;
  CHECK(hottest(chip, 1).burn == 1);
  chip.spread = 0;
  CHECK(hottest(chip, 1000).burn == 1);
}
