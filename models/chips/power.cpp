#include "models/chips/power.h"

#include "schema/errors.h"

namespace reticle::chips {

namespace {

bool on_core_supply(const std::string& component) {
  return component != "hbm" && component != "link";
}

power::VoltageCurve curve_of(const Chip& chip) {
  const VoltageCurve& curve = chip.power().voltage();
  if (!chip.power().has_voltage()) {
    return power::fixed_clock(chip.clock());
  }
  const bool rising = curve.lowest() <= curve.knee() && curve.knee() < curve.highest() &&
                      curve.min_voltage() <= curve.max_voltage();
  if (!rising) {
    throw ConfigError({chip.name()}, "`power.voltage` does not rise",
                      "lowest <= knee < highest, min_voltage <= max_voltage");
  }
  const double clock_hz = chip.clock();
  return {curve.lowest() * clock_hz, curve.knee() * clock_hz, curve.highest() * clock_hz,
          curve.step() * clock_hz,   curve.min_voltage(),     curve.max_voltage()};
}

}  // namespace

power::ChipSpec power_spec(const Chip& chip) {
  const Power& power = chip.power();
  power::ChipSpec spec;
  spec.curve = curve_of(chip);
  spec.nominal_clock_hz = chip.clock();
  spec.idle_w = power.idle();
  spec.clock_tree_w = power.clock_tree();
  spec.control_window_s = power.control_window();
  spec.spread = power.spread();
  spec.coolant_c = power.leakage().temperature();
  if (power.has_leakage()) {
    spec.leakage_w = power.leakage().power();
    spec.leakage_c = power.leakage().temperature();
    spec.leakage_doubling_k = power.leakage().doubling();
  }
  if (power.has_thermal()) {
    spec.thermal_k_per_w = power.thermal().resistance();
    spec.coolant_c = power.thermal().coolant();
  }
  if (power::board_power(spec) < 0) {
    throw ConfigError({chip.name()}, "`power.leakage` and `power.clock_tree` exceed `power.idle`",
                      "idle power includes both, at the lowest clock");
  }
  return spec;
}

power::Load load_of(const Joules& dynamic, double seconds) {
  power::Load load;
  for (const auto& [component, joules] : dynamic) {
    (on_core_supply(component) ? load.core_w : load.other_w) += joules / seconds;
  }
  return load;
}

Joules at_voltage(const Joules& dynamic, double core_scale) {
  Joules all = dynamic;
  for (auto& [component, joules] : all) {
    joules *= on_core_supply(component) ? core_scale : 1;
  }
  return all;
}

Joules energies(const Joules& dynamic, const power::State& state, double seconds) {
  Joules all = at_voltage(dynamic, state.core_scale);
  all["board"] = state.board_w * seconds;
  all["clock_tree"] = state.clock_tree_w * seconds;
  all["leakage"] = state.leakage_w * seconds;
  return all;
}

double total(const Joules& joules) {
  double sum = 0;
  for (const auto& [component, one] : joules) {
    sum += one;
  }
  return sum;
}

}  // namespace reticle::chips
