#include "study/kernel/governed_kernel.h"

#include <map>

#include "models/kernels/demand.h"
#include "models/kernels/kernel_key.h"
#include "sim/engine/time.h"
#include "sim/power/governor.h"
#include "study/kernel/kernel_study.h"

namespace reticle::study {

namespace {

double hbm_bytes(const DemandVector& demand) {
  for (const ResourceUse& use : demand.use()) {
    if (use.resource() == RESOURCE_HBM) {
      return use.amount();
    }
  }
  return 0;
}

chips::Joules dynamic_energy(const DemandVector& demand) {
  chips::Joules joules;
  for (const ComponentEnergy& energy : demand.energy()) {
    joules[energy.component()] = energy.joules();
  }
  return joules;
}

// A benchmark that replays an operator alone pays for the launch of its graph; of several, the
// share of each is in `kernel_prologue`, which was fitted to such graphs.
std::int64_t replay_ps(const Software& software, const Operator& op, const L2State& l2) {
  const bool alone = l2.start() == L2_START_BENCH && kernels::operands_rotated(op) == 1;
  return alone ? engine::seconds_to_ps(software.launch().graph_launch()) : 0;
}

double watts(const GovernedKernel& kernel) { return chips::total(kernel.joules) / kernel.seconds; }

GovernedKernel at_clock(Simulator& simulator, const Operator& op, const L2State& l2,
                        Fidelity fidelity, const Cores& cores, double clock_hz) {
  GovernedKernel kernel;
  kernel.demand = fidelity == simulator.fidelity() ? simulator.demand(op, cores, l2, clock_hz)
                                                   : simulator.fast(op, cores, l2, clock_hz);
  kernel.launch_ps = launch_ps(simulator.software(), kernel.demand.kernels(), cores.matrix()) +
                     replay_ps(simulator.software(), op, l2);
  kernel.seconds = static_cast<double>(kernel.demand.time_ps() + kernel.launch_ps) * 1e-12;
  kernel.clock_hz = clock_hz;
  kernel.hbm_bytes = hbm_bytes(kernel.demand);
  const chips::Joules dynamic = dynamic_energy(kernel.demand);
  const power::State state =
      power::steady_state(simulator.power(), clock_hz, chips::load_of(dynamic, kernel.seconds));
  kernel.temperature_c = state.temperature_c;
  kernel.joules = chips::energies(dynamic, state, kernel.seconds);
  return kernel;
}

// Repetitions at two clocks in such a mix that their average power is the cap.
GovernedKernel alternating(const GovernedKernel& within, const GovernedKernel& over, double cap_w) {
  const double spare = cap_w * within.seconds - chips::total(within.joules);
  const double excess = chips::total(over.joules) - cap_w * over.seconds;
  const double share = spare / (spare + excess);  // of the repetitions, at the higher clock
  const auto mix = [share](double a, double b) { return a + share * (b - a); };
  GovernedKernel kernel = within;
  kernel.held_down = true;
  kernel.seconds = mix(within.seconds, over.seconds);
  kernel.clock_hz =
      mix(within.clock_hz * within.seconds, over.clock_hz * over.seconds) / kernel.seconds;
  kernel.temperature_c = mix(within.temperature_c, over.temperature_c);
  kernel.hbm_bytes = mix(within.hbm_bytes, over.hbm_bytes);
  for (auto& [component, joules] : kernel.joules) {
    const auto other = over.joules.find(component);
    joules = mix(joules, other == over.joules.end() ? 0 : other->second);
  }
  return kernel;
}

// Every clock that was tried, and which of them the cap lies between.
struct Governed {
  std::map<std::size_t, GovernedKernel> tried;
  power::Bracket bracket;
};

Governed govern(Simulator& simulator, const Operator& op, const L2State& l2, Fidelity fidelity,
                const Cores& cores, std::size_t expected) {
  const power::VoltageCurve& curve = simulator.power().curve;
  Governed governed;
  governed.bracket =
      power::govern(curve, simulator.chip().power().cap(), expected, [&](std::size_t choice) {
        governed.tried[choice] =
            at_clock(simulator, op, l2, fidelity, cores, curve.clock_hz(choice));
        return watts(governed.tried[choice]);
      });
  return governed;
}

}  // namespace

GovernedKernel governed_kernel(Simulator& simulator, const Operator& op, const L2State& l2,
                               Fidelity fidelity, const std::optional<Cores>& cores) {
  const Cores given = cores.value_or(kernels::all_cores(simulator.chip()));
  const std::size_t highest = simulator.power().curve.clocks() - 1;
  const std::size_t expected =
      fidelity == FIDELITY_FAST || highest == 0
          ? highest
          : govern(simulator, op, l2, FIDELITY_FAST, given, highest).bracket.within;
  const Governed governed = govern(simulator, op, l2, fidelity, given, expected);
  const double cap_w = simulator.chip().power().cap();
  GovernedKernel kernel = governed.tried.at(governed.bracket.within);
  if (governed.bracket.over) {
    return alternating(kernel, governed.tried.at(*governed.bracket.over), cap_w);
  }
  kernel.over_cap = watts(kernel) > cap_w;
  kernel.held_down = governed.bracket.within != highest;
  return kernel;
}

}  // namespace reticle::study
