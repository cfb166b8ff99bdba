#include "study/run/inputs.h"

#include "models/kernels/kernel_key.h"
#include "schema/errors.h"
#include "study/run/faults.h"
#include "study/run/rank_plan.h"
#include "workloads/llm/huggingface.h"
#include "workloads/llm/memory.h"

namespace reticle::study {

namespace {

void check_partition(const ScenarioInputs& inputs, const llm::Locate& locate) {
  const Scenario& scenario = inputs.scenario;
  if (scenario.has_attention_cores() != scenario.has_moe_cores()) {
    throw ConfigError(locate("ranks"), "a core partition needs attention_cores and moe_cores",
                      "give both, or neither to share all cores");
  }
  const Cores all = kernels::all_cores(inputs.rank_chip.message);
  const std::int64_t matrix = scenario.attention_cores().matrix() + scenario.moe_cores().matrix();
  const std::int64_t vector = scenario.attention_cores().vector() + scenario.moe_cores().vector();
  if (matrix > all.matrix() || vector > all.vector()) {
    throw ConfigError(locate("attention_cores.matrix"),
                      "core partition " + std::to_string(matrix) + "/" + std::to_string(vector) +
                          " (matrix/vector) exceeds the chip's " + std::to_string(all.matrix()) +
                          "/" + std::to_string(all.vector()));
  }
}

// The system's complaint about the ranks, at the place that says how many.
systems::Machine machine(const ScenarioInputs& inputs, const llm::Locate& locate) {
  std::optional<std::int64_t> spares;
  if (inputs.scenario.has_spare_ranks()) {
    spares = inputs.scenario.spare_ranks();
  }
  try {
    return systems::machine(inputs.system.message,
                            systems::ranks_per_package(inputs.package.message),
                            inputs.scenario.ranks(), spares);
  } catch (const UsageError& error) {
    throw ConfigError(locate("ranks"), error.what());
  }
}

}  // namespace

ScenarioInputs load_scenario(const config::Catalog& catalog, const config::Loaded<Study>& study,
                             const Scenario& scenario) {
  ScenarioInputs inputs;
  inputs.scenario = scenario;
  inputs.system = catalog.system(scenario.system());
  inputs.package = catalog.chip(inputs.system.message.chip());
  inputs.rank_chip = catalog.chip(inputs.system.message.rank_chip());
  inputs.software = catalog.software(scenario.software());
  if (!inputs.package.message.has_die()) {
    throw UsageError("chip " + inputs.package.message.name() +
                     " has no `die`: nothing is published of it, so it has no cost");
  }
  inputs.process = catalog.process(inputs.package.message.die().process());
  inputs.model = llm::to_model(catalog.model(scenario.model()), scenario.model());
  const llm::Locate locate = llm::locate_in(study.provenance, "scenarios." + scenario.name() + ".",
                                            {study.message.name(), 0, 0});
  add_faults(inputs, study);
  inputs.machine = machine(inputs, locate);
  check_reach(inputs, locate);
  check_ranks(inputs, locate);
  inputs.plan = llm::make_plan(scenario, inputs.model, locate);
  inputs.memory = llm::fit_memory(scenario, inputs.model, inputs.plan,
                                  inputs.software.message.reserved_memory(),
                                  inputs.rank_chip.message.hbm().capacity(), locate);
  check_partition(inputs, locate);
  return inputs;
}

Cores stream_cores(const ScenarioInputs& inputs, bool attention, bool alone) {
  const Scenario& scenario = inputs.scenario;
  if (alone || !scenario.has_attention_cores() || scenario.micro_batches() == 1) {
    return kernels::all_cores(inputs.rank_chip.message);
  }
  const CorePartition& partition = attention ? scenario.attention_cores() : scenario.moe_cores();
  Cores cores;
  cores.set_matrix(partition.matrix());
  cores.set_vector(partition.vector());
  return cores;
}

}  // namespace reticle::study
