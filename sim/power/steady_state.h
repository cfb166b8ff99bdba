#pragma once

#include <vector>

#include "sim/power/voltage_curve.h"

namespace reticle::power {

// What a rank's chip burns besides the work it does, and how its heat leaves. Powers of the logic
// die are those at the nominal clock and its voltage.
struct ChipSpec {
  VoltageCurve curve;
  double nominal_clock_hz = 0;
  double idle_w = 0;  // measured: everything, at the lowest clock
  double clock_tree_w = 0;
  double leakage_w = 0;  // at leakage_c
  double leakage_c = 0;
  double leakage_doubling_k = 1;
  double thermal_k_per_w = 0;
  double coolant_c = 0;         // without thermal resistance: the die's own temperature
  double control_window_s = 0;  // over which the governor averages power; 0: over the whole run
  double spread = 0;            // standard deviation of `burn` between chips of the kind
  double burn = 1;              // what this chip's cores burn, leakage included, over the mean
};

// Average power of the work itself: `core_w` as it would be at nominal voltage (of what hangs on
// the cores' supply), `other_w` of the rest (HBM, links).
struct Load {
  double core_w = 0;
  double other_w = 0;
};

struct State {
  double clock_hz = 0;
  double core_scale = 1;  // energy of core work over that of the mean chip at nominal voltage
  double board_w = 0;     // HBM background, regulators: what is left of idle power
  double clock_tree_w = 0;
  double leakage_w = 0;
  double temperature_c = 0;
  double power_w = 0;  // all together, load included
};

// Clock and load held until the die's temperature settles: leakage grows with temperature, and
// temperature with power. A chip that never settles (thermal runaway) has infinite power.
State steady_state(const ChipSpec& chip, double clock_hz, const Load& load);

// Average of states that last so long.
State average(const std::vector<State>& states, const std::vector<double>& seconds);

// Idle power less what the logic leaks and its clock tree burns at the lowest clock; negative if
// the spec contradicts itself. That of the mean chip: the board does not vary with the die.
double board_power(const ChipSpec& chip);

}  // namespace reticle::power
