#include "models/chips/power.h"

#include <catch2/catch.hpp>

#include "schema/config/catalog.h"
#include "schema/errors.h"

using namespace reticle;
using namespace reticle::chips;

namespace {

Chip chip(const std::string& name) {
  return config::Catalog(RETICLE_SOURCE_DIR "/configs").chip(name).message;
}

std::string refusal(const Chip& chip) {
  try {
    power_spec(chip);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("energies sum to power times time") {
  const Joules dynamic = {{"matrix", 0.2}, {"l2", 0.05}, {"hbm", 0.1}, {"link", 0.01}};
  const double seconds = 1e-3;
  const power::ChipSpec spec = power_spec(chip("h100-sxm"));
  for (const double clock_hz : {1.2e9, 1.53e9, 1.98e9}) {
    const power::State state = power::steady_state(spec, clock_hz, load_of(dynamic, seconds));
    const Joules all = energies(dynamic, state, seconds);
    CHECK(all.size() == dynamic.size() + 3);
    CHECK(total(all) == Approx(state.power_w * seconds).epsilon(1e-12));
    CHECK(all.at("hbm") == 0.1);
    CHECK(all.at("link") == 0.01);
    CHECK(all.at("matrix") == Approx(0.2 * state.core_scale));
  }
}

TEST_CASE("a chip without a voltage curve keeps its clock and its nominal energies") {
  Chip plain = chip("h100-sxm");
  *plain.mutable_power() = Power();
  plain.mutable_power()->set_idle(72);
  const power::ChipSpec spec = power_spec(plain);
  CHECK(spec.curve.clocks() == 1);
  const power::State state = power::steady_state(spec, plain.clock(), {300, 100});
  CHECK(state.core_scale == 1);
  CHECK(state.power_w == 472);
}

TEST_CASE("every shipped chip idles at its idle power, and runs hotter") {
  for (const char* name :
       {"a100-sxm-80gb", "h100-sxm", "h800-sxm", "h20", "h200-sxm", "b200-sxm", "gb200", "l40s",
        "ascend-910b2", "ascend-910b3", "ascend-910b4", "ascend-910c-die"}) {
    INFO(name);
    const Chip one = chip(name);
    const power::ChipSpec spec = power_spec(one);
    CHECK(spec.curve.clocks() > 5);
    CHECK(power::board_power(spec) > 0);
    CHECK(power::steady_state(spec, spec.curve.min_clock_hz, {}).power_w ==
          Approx(one.power().idle()));
    CHECK(power::steady_state(spec, spec.curve.max_clock_hz, {}).power_w > one.power().idle());
    CHECK(power::steady_state(spec, spec.curve.min_clock_hz, {}).power_w < one.power().cap());
  }
}

// npu-smi: 130 W at 1800 MHz and 6 % core use of a 20-core part, 92 to 102 W idle
// (hardware.md 1.8).
TEST_CASE("a 910B that does little at its full clock burns a little more than idle") {
  const power::ChipSpec spec = power_spec(chip("ascend-910b3"));
  const double running = power::steady_state(spec, 1.8e9, {}).power_w;
  CHECK(running > 110);
  CHECK(running < 130);
}

TEST_CASE("curves and powers that contradict themselves are refused") {
  Chip bad = chip("h100-sxm");
  bad.mutable_power()->mutable_voltage()->set_knee(1.082);
  CHECK(refusal(bad) ==
        "h100-sxm: `power.voltage` does not rise (lowest <= knee < highest, "
        "min_voltage <= max_voltage)");
  bad = chip("h100-sxm");
  bad.mutable_power()->set_idle(15);
  CHECK(refusal(bad) ==
        "h100-sxm: `power.leakage` and `power.clock_tree` exceed `power.idle` (idle power includes "
        "both, at the lowest clock)");
}
