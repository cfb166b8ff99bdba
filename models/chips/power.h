#pragma once

#include <map>
#include <string>

#include "schema/chip.pb.h"
#include "sim/power/steady_state.h"

namespace reticle::chips {

// A chip's config as sim/power sees it. ConfigError, naming the chip, if its clocks are out of
// order or its logic would burn more when idle than the idle chip does.
power::ChipSpec power_spec(const Chip& chip);

using Joules = std::map<std::string, double>;  // by component

// Dynamic energies by component as average powers: those on the cores' supply, and the rest (hbm,
// link).
power::Load load_of(const Joules& dynamic, double seconds);

// Dynamic energies at the cores' voltage (power::State::core_scale).
Joules at_voltage(const Joules& dynamic, double core_scale);

// What the chip used in `seconds` of that state: the dynamic energies at the state's voltage, and
// board, clock_tree and leakage beside them. They sum to state.power_w times seconds.
Joules energies(const Joules& dynamic, const power::State& state, double seconds);

double total(const Joules& joules);

}  // namespace reticle::chips
