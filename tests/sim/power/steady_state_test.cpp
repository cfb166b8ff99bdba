#include "sim/power/steady_state.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace reticle::power;

namespace {

// 100 W idle at 4e8 Hz; 40 W of leakage at 60 degC and 1e9 Hz, doubling each 30 K.
ChipSpec chip() {
  ChipSpec spec;
  spec.curve = {4e8, 1e9, 2e9, 1e8, 0.7, 0.9};
  spec.nominal_clock_hz = 2e9;
  spec.idle_w = 100;
  spec.clock_tree_w = 50;
  spec.leakage_w = 40;
  spec.leakage_c = 60;
  spec.leakage_doubling_k = 30;
  spec.thermal_k_per_w = 0.1;
  spec.coolant_c = 20;
  return spec;
}

}  // namespace

TEST_CASE("nothing to do at the idle clock is idle power") {
  const State state = steady_state(chip(), 4e8, {});
  CHECK(state.power_w == Approx(100));
  CHECK(state.temperature_c == Approx(20 + 0.1 * 100));
}

TEST_CASE("nothing to do at a higher clock costs clock tree and leakage") {
  const State idle = steady_state(chip(), 4e8, {});
  const State state = steady_state(chip(), 2e9, {});
  CHECK(state.clock_tree_w == 50);
  CHECK(idle.clock_tree_w == Approx(50 * 0.2 * std::pow(0.7 / 0.9, 2)));
  CHECK(state.board_w == idle.board_w);
  CHECK(state.leakage_w > idle.leakage_w);
}

TEST_CASE("power is the sum of its parts, and the temperature is the one it makes") {
  const State state = steady_state(chip(), 1.5e9, {200, 80});
  CHECK(state.core_scale == Approx(std::pow(0.8 / 0.9, 2)));
  const double parts =
      state.board_w + state.clock_tree_w + state.leakage_w + 200 * state.core_scale + 80;
  CHECK(state.power_w == Approx(parts).epsilon(1e-12));
  CHECK(state.temperature_c == Approx(20 + 0.1 * state.power_w));
  CHECK(state.leakage_w ==
        Approx(40 * std::exp2((state.temperature_c - 60) / 30) * state.core_scale));
}

TEST_CASE("voltage scales what hangs on the cores' supply and nothing else") {
  ChipSpec cold = chip();
  cold.leakage_w = 0;
  const double none = steady_state(cold, 1.5e9, {}).power_w;
  CHECK(steady_state(cold, 1.5e9, {81, 0}).power_w == Approx(none + 64));
  CHECK(steady_state(cold, 1.5e9, {0, 81}).power_w == Approx(none + 81));
}

TEST_CASE("more load, clock, coolant temperature or thermal resistance: never less power") {
  const double base = steady_state(chip(), 1.5e9, {200, 80}).power_w;
  CHECK(steady_state(chip(), 1.5e9, {201, 80}).power_w > base + 0.7);
  CHECK(steady_state(chip(), 1.6e9, {200, 80}).power_w > base);
  ChipSpec hot = chip();
  hot.coolant_c = 30;
  // The board's share is what idle power leaves; a hotter idle chip leaks more of the same total.
  CHECK(steady_state(hot, 1.5e9, {200, 80}).power_w > base);
  ChipSpec stuffy = chip();
  stuffy.thermal_k_per_w = 0.12;
  CHECK(steady_state(stuffy, 1.5e9, {200, 80}).power_w > base);
}

TEST_CASE("a chip that cannot get rid of its heat runs away") {
  ChipSpec doomed = chip();
  doomed.thermal_k_per_w = 1;
  CHECK(std::isinf(steady_state(doomed, 2e9, {200, 80}).power_w));
}

TEST_CASE("idle power that is less than leakage and clock tree is a contradiction") {
  ChipSpec spec = chip();
  CHECK(board_power(spec) > 0);
  spec.clock_tree_w = 900;
  CHECK(board_power(spec) < 0);
}
