#include "study/run/step.h"

#include "sim/power/governor.h"
#include "study/kernel/govern_run.h"
#include "study/run/step_builder.h"

namespace reticle::study {

namespace {

RunWork work_of(const Step& step) {
  RunWork work;
  work.spans = step.spans;
  for (const StepNode& node : step.nodes) {
    work.dynamic.push_back(node.dynamic_energy());
  }
  work.length = step.total_ps();
  return work;
}

// The choice of the curve under the cap as fast sees it.
std::size_t expected_choice(const ScenarioInputs& inputs, Simulator& simulator) {
  const power::ChipSpec& chip = simulator.power();
  const std::size_t highest = chip.curve.clocks() - 1;
  if (simulator.fidelity() == FIDELITY_FAST || highest == 0) {
    return highest;
  }
  const auto power_w = [&](std::size_t choice) {
    const RunClocks clocks = one_clock(chip.curve.clock_hz(choice));
    const Step step = build_step(inputs, simulator, FIDELITY_FAST, clocks);
    return power_of(chip, inputs.scenario.ranks(), clocks, work_of(step)).governed_w;
  };
  return power::govern(chip.curve, simulator.chip().power().cap(), highest, power_w).within;
}

}  // namespace

chips::Joules StepNode::dynamic_energy() const {
  chips::Joules joules;
  for (const ComponentEnergy& energy : demand.energy()) {
    joules[energy.component()] = energy.joules();
  }
  if (network) {
    joules["link"] = transfer.energy_j();
  }
  return joules;
}

Step simulate_step(const ScenarioInputs& inputs, Simulator& simulator) {
  const power::ChipSpec& chip = simulator.power();
  const std::int64_t ranks = inputs.scenario.ranks();
  const auto at = [&](const RunClocks& clocks) {
    return build_step(inputs, simulator, simulator.fidelity(), clocks);
  };
  const RunClocks clocks =
      govern_run(chip, simulator.chip().power().cap(), ranks, expected_choice(inputs, simulator),
                 [&](const RunClocks& tried) { return work_of(at(tried)); });
  Step step = at(clocks);
  const RunPower power = power_of(chip, ranks, clocks, work_of(step));
  step.power = power.state;
  step.joules = power.joules;
  step.governed_w = power.governed_w;
  return step;
}

}  // namespace reticle::study
