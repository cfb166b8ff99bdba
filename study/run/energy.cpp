#include "study/run/energy.h"

#include <map>

#include "models/economics/operation.h"

namespace reticle::study {

namespace {

using Components = std::map<std::string, double>;  // watts, all packages

void fill(EnergyBasis& basis, const Components& watts, double tokens_per_s, double chips) {
  double total = 0;
  for (const auto& [name, power] : watts) {
    NamedValue* component = basis.add_by_component();
    component->set_name(name);
    component->set_value(power / tokens_per_s);
    total += power;
  }
  basis.set_j_per_token(total / tokens_per_s);
  basis.set_avg_power_w(total / chips);
}

}  // namespace

EnergyResult energy(const ScenarioInputs& inputs, const Throughput& throughput, const Step& step) {
  const double seconds = static_cast<double>(step.total_ps()) * 1e-12;
  const auto ranks = static_cast<double>(inputs.scenario.ranks());
  const auto chips = static_cast<double>(inputs.machine.packages);
  Components watts;
  double chip_watts = 0;
  for (const auto& [name, joules] : step.joules) {
    watts[name] = joules / seconds * ranks;
    chip_watts += watts[name];
  }
  EnergyResult result;
  fill(*result.mutable_chip(), watts, throughput.tokens_per_s(), chips);
  const double rank_cap = inputs.rank_chip.message.power().cap();
  result.mutable_chip()->set_over_power_cap(step.power.power_w > rank_cap);
  result.set_clock_mhz(step.power.clock_hz * 1e-6);
  result.set_temperature_c(step.power.temperature_c);
  const NodePower& node = inputs.system.message.power();
  const economics::Load load = {chip_watts, node.host() * static_cast<double>(inputs.machine.nodes),
                                node.optics_per_package() * chips};
  const Site& site = inputs.scenario.site();
  const economics::WallPower wall = economics::wall_power(load, site.psu_efficiency(), site.pue());
  watts["hosts"] = load.hosts;
  watts["optics"] = load.optics;
  watts["conversion"] = wall.it - (load.chips + load.hosts + load.optics);
  watts["facility"] = wall.facility - wall.it;
  fill(*result.mutable_wall(), watts, throughput.tokens_per_s(), chips);
  return result;
}

}  // namespace reticle::study
