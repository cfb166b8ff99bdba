#include "study/kernel/kernel_study.h"

#include <algorithm>

#include "models/kernels/demand.h"
#include "models/kernels/work.h"
#include "models/systems/machine.h"
#include "schema/config/assign.h"
#include "schema/errors.h"
#include "sim/engine/time.h"
#include "study/kernel/governed_kernel.h"

namespace reticle::study {

namespace {

// What binds the kernel, launch and power counted: the cap binds what the clock would speed up.
Resource binding(const GovernedKernel& kernel) {
  if (kernel.launch_ps > kernel.demand.time_ps()) {
    return RESOURCE_LAUNCH;
  }
  const bool clocked = kernel.demand.bound_by() != RESOURCE_HBM;
  return kernel.held_down && clocked ? RESOURCE_POWER : kernel.demand.bound_by();
}

}  // namespace

std::string resource_name(Resource resource) {
  std::string name = Resource_Name(resource).substr(std::string("RESOURCE_").size());
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return name;
}

std::int64_t launch_ps(const Software& software, std::uint32_t kernels, std::int64_t cores) {
  const Launch& launch = software.launch();
  const auto others = static_cast<double>(std::max<std::int64_t>(0, cores - 1));
  return std::int64_t{kernels} *
         engine::seconds_to_ps(launch.graph_gap() + launch.kernel_prologue() +
                               others * launch.core_start());
}

std::string fidelity_name(Fidelity fidelity) {
  return fidelity == FIDELITY_FAST ? "fast" : "cycle";
}

KernelResult kernel_result(Simulator& simulator, const Operator& op, const L2State& l2) {
  return kernel_result(simulator, op, l2, simulator.fidelity());
}

KernelResult kernel_result(Simulator& simulator, const Operator& op, const L2State& l2,
                           Fidelity fidelity, const std::optional<Cores>& cores) {
  const Chip& chip = simulator.chip();
  const GovernedKernel kernel = governed_kernel(simulator, op, l2, fidelity, cores);
  const double seconds = kernel.seconds;
  const double joules = chips::total(kernel.joules);
  KernelResult result;
  result.set_chip(chip.name());
  result.set_op(config::op_name(op));
  result.set_shape(kernels::shape_text(op));
  result.set_fidelity(fidelity_name(fidelity));
  result.set_time_us(seconds * 1e6);
  result.set_tflops(kernel.demand.operations() / seconds * 1e-12);
  result.set_hbm_gb_per_s(kernel.hbm_bytes / seconds * 1e-9);
  result.set_energy_mj(joules * 1e3);
  result.set_power_w(joules / seconds);
  result.set_clock_mhz(kernel.clock_hz * 1e-6);
  result.set_bound_by(resource_name(binding(kernel)));
  result.set_variant(kernel.demand.variant());
  result.set_over_power_cap(kernel.over_cap);
  result.set_temperature_c(kernel.temperature_c);
  for (const auto& [component, one] : kernel.joules) {
    NamedValue* power = result.add_power_by_component();
    power->set_name(component);
    power->set_value(one / seconds);
  }
  return result;
}

std::string software_stack(const Chip& chip, const std::string& asked) {
  const std::string& name = asked.empty() ? chip.software() : asked;
  if (name.empty()) {
    throw UsageError("chip " + chip.name() +
                     " names no software stack (give --software, see reticle list software)");
  }
  return name;
}

void require_rank_chip(const Chip& chip) {
  if (systems::ranks_per_package(chip) > 1) {
    throw UsageError("chip " + chip.name() + " is a package of " +
                     std::to_string(chip.package().dies()) +
                     " dies and kernels run on a die: name the die's config");
  }
}

}  // namespace reticle::study
