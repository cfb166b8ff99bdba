#include "study/run/faults.h"

#include "schema/config/system_check.h"
#include "schema/errors.h"
#include "sim/fabric/topology.h"

namespace reticle::study {

namespace {

void check_dies(const ScenarioInputs& inputs) {
  const System& system = inputs.system.message;
  const std::int64_t dies = std::int64_t{system.nodes()} * system.packages_per_node() *
                            systems::ranks_per_package(inputs.package.message);
  for (const Fault& fault : system.faults()) {
    if (fault.has_die() && fault.die() >= dies) {
      const auto at = inputs.system.provenance.find("faults." + fault.name() + ".die");
      throw ConfigError(
          at == inputs.system.provenance.end() ? Location{system.name(), 0, 0} : at->second.at,
          "fault `" + fault.name() + "`: die " + std::to_string(fault.die()) + " of " +
              std::to_string(dies) + " (counted from 0)");
    }
  }
}

// Where the first fault that takes links away is written.
Location first_cut(const ScenarioInputs& inputs, const llm::Locate& locate) {
  for (const auto& [path, origin] : inputs.system.provenance) {
    if (path.rfind("faults.", 0) == 0) {
      return origin.at;
    }
  }
  return locate("ranks");
}

}  // namespace

void add_faults(ScenarioInputs& inputs, const config::Loaded<Study>& study) {
  if (inputs.scenario.faults().empty() && inputs.system.message.faults().empty()) {
    return;
  }
  for (const Fault& fault : inputs.scenario.faults()) {
    *inputs.system.message.add_faults() = fault;
  }
  const std::string scenario = "scenarios." + inputs.scenario.name() + ".";
  for (const auto& [path, origin] : study.provenance) {
    if (path.rfind(scenario + "faults.", 0) == 0) {
      inputs.system.provenance[path.substr(scenario.size())] = origin;
    }
  }
  config::check_system(inputs.system);
  check_dies(inputs);
}

void check_reach(const ScenarioInputs& inputs, const llm::Locate& locate) {
  if (inputs.system.message.faults().empty()) {
    return;
  }
  const fabric::Topology topology(inputs.system.message, inputs.machine.placement(),
                                  fabric::Grouping::kEveryRank);
  try {
    for (std::int64_t a = 0; a < inputs.machine.ranks; ++a) {
      for (std::int64_t b = 0; b < a; ++b) {
        topology.tier_between(a, b);
      }
    }
  } catch (const UsageError& error) {
    throw ConfigError(first_cut(inputs, locate), error.what());
  }
}

}  // namespace reticle::study
