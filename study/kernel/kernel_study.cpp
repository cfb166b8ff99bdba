#include "study/kernel/kernel_study.h"

#include <algorithm>

#include "models/kernels/demand.h"
#include "models/kernels/work.h"
#include "models/systems/machine.h"
#include "schema/config/assign.h"
#include "schema/errors.h"
#include "sim/engine/time.h"

namespace reticle::study {

namespace {

double amount(const DemandVector& demand, Resource resource) {
  for (const ResourceUse& use : demand.use()) {
    if (use.resource() == resource) {
      return use.amount();
    }
  }
  return 0;
}

double dynamic_energy(const DemandVector& demand) {
  double joules = 0;
  for (const ComponentEnergy& energy : demand.energy()) {
    joules += energy.joules();
  }
  return joules;
}

}  // namespace

std::string resource_name(Resource resource) {
  std::string name = Resource_Name(resource).substr(std::string("RESOURCE_").size());
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return name;
}

std::int64_t launch_ps(const Software& software, std::uint32_t kernels) {
  const Launch& launch = software.launch();
  return std::int64_t{kernels} *
         engine::seconds_to_ps(launch.graph_gap() + launch.kernel_prologue());
}

namespace {

// A benchmark that replays an operator alone pays for the launch of its graph; of several, the
// share of each is in `kernel_prologue`, which was fitted to such graphs.
std::int64_t replay_ps(const Software& software, const Operator& op, const L2State& l2) {
  const bool alone = l2.start() == L2_START_BENCH && kernels::operands_rotated(op) == 1;
  return alone ? engine::seconds_to_ps(software.launch().graph_launch()) : 0;
}

}  // namespace

KernelResult kernel_result(Simulator& simulator, const Operator& op, const L2State& l2) {
  const Chip& chip = simulator.chip();
  const DemandVector demand = simulator.demand_alone(op, l2);
  const std::int64_t launch =
      launch_ps(simulator.software(), demand.kernels()) + replay_ps(simulator.software(), op, l2);
  const double seconds = static_cast<double>(demand.time_ps() + launch) * 1e-12;
  const double joules = dynamic_energy(demand) + chip.power().idle() * seconds;
  KernelResult result;
  result.set_chip(chip.name());
  result.set_op(config::op_name(op));
  result.set_shape(kernels::shape_text(op));
  result.set_fidelity("cycle");
  result.set_time_us(seconds * 1e6);
  result.set_tflops(demand.operations() / seconds * 1e-12);
  result.set_hbm_gb_per_s(amount(demand, RESOURCE_HBM) / seconds * 1e-9);
  result.set_energy_mj(joules * 1e3);
  result.set_power_w(joules / seconds);
  result.set_clock_mhz(chip.clock() * 1e-6);
  result.set_bound_by(
      resource_name(launch > demand.time_ps() ? RESOURCE_LAUNCH : demand.bound_by()));
  result.set_variant(demand.variant());
  result.set_over_power_cap(result.power_w() > chip.power().cap());
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
  if (chip.family() == FAMILY_ROOFLINE) {
    throw UsageError("chip " + chip.name() +
                     " has no published microarchitecture, only peaks: cycle cannot simulate it");
  }
  if (systems::ranks_per_package(chip) > 1) {
    throw UsageError("chip " + chip.name() + " is a package of " +
                     std::to_string(chip.package().dies()) +
                     " dies and kernels run on a die: name the die's config");
  }
}

}  // namespace reticle::study
