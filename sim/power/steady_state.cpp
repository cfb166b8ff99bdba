#include "sim/power/steady_state.h"

#include <cmath>
#include <limits>

namespace reticle::power {

namespace {

constexpr double kBoilingOff = 1000;  // degC: no die gets there, so it has run away
constexpr double kSettled = 1e-9;     // K

// Voltage over that of the nominal clock, squared: dynamic energy is C V^2, and leakage is taken
// likewise (current in proportion to voltage; over the few tenths of a volt that clocks span).
double scale(const ChipSpec& chip, double clock_hz) {
  const double ratio = chip.curve.voltage(clock_hz) / chip.curve.voltage(chip.nominal_clock_hz);
  return ratio * ratio;
}

double clock_tree(const ChipSpec& chip, double clock_hz) {
  return chip.clock_tree_w * clock_hz / chip.nominal_clock_hz * scale(chip, clock_hz);
}

double leakage(const ChipSpec& chip, double clock_hz, double temperature_c) {
  const double doublings = (temperature_c - chip.leakage_c) / chip.leakage_doubling_k;
  return chip.leakage_w * std::exp2(doublings) * scale(chip, clock_hz);
}

}  // namespace

double board_power(const ChipSpec& chip) {
  const double idle_c = chip.coolant_c + chip.thermal_k_per_w * chip.idle_w;
  return chip.idle_w - clock_tree(chip, chip.curve.min_clock_hz) -
         leakage(chip, chip.curve.min_clock_hz, idle_c);
}

State steady_state(const ChipSpec& chip, double clock_hz, const Load& load) {
  State state;
  state.clock_hz = clock_hz;
  state.core_scale = chip.burn * scale(chip, clock_hz);
  state.board_w = board_power(chip);
  state.clock_tree_w = chip.burn * clock_tree(chip, clock_hz);
  const double cold =
      state.board_w + state.clock_tree_w + load.core_w * state.core_scale + load.other_w;
  // From the coolant upwards each round comes closer, and stops at the first temperature that
  // holds itself.
  state.temperature_c = chip.coolant_c;
  double before = 0;
  do {
    before = state.temperature_c;
    state.leakage_w = chip.burn * leakage(chip, clock_hz, before);
    state.power_w = cold + state.leakage_w;
    state.temperature_c = chip.coolant_c + chip.thermal_k_per_w * state.power_w;
    if (state.temperature_c > kBoilingOff) {
      state.power_w = std::numeric_limits<double>::infinity();
      return state;
    }
  } while (state.temperature_c - before > kSettled);
  return state;
}

State average(const std::vector<State>& states, const std::vector<double>& seconds) {
  if (states.size() == 1) {
    return states.front();
  }
  double all = 0;
  State sum{0, 0, 0, 0, 0, 0, 0};
  for (std::size_t i = 0; i < states.size(); ++i) {
    all += seconds[i];
    sum.clock_hz += states[i].clock_hz * seconds[i];
    sum.core_scale += states[i].core_scale * seconds[i];
    sum.board_w += states[i].board_w * seconds[i];
    sum.clock_tree_w += states[i].clock_tree_w * seconds[i];
    sum.leakage_w += states[i].leakage_w * seconds[i];
    sum.temperature_c += states[i].temperature_c * seconds[i];
    sum.power_w += states[i].power_w * seconds[i];
  }
  return {sum.clock_hz / all,  sum.core_scale / all,    sum.board_w / all, sum.clock_tree_w / all,
          sum.leakage_w / all, sum.temperature_c / all, sum.power_w / all};
}

}  // namespace reticle::power
