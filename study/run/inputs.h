#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/systems/machine.h"
#include "schema/config/catalog.h"
#include "schema/kernel.pb.h"
#include "schema/model.pb.h"
#include "schema/result.pb.h"
#include "workloads/llm/plan.h"

namespace reticle::study {

// Everything a scenario names, read and checked against each other before anything is simulated.
struct ScenarioInputs {
  Scenario scenario;
  config::Loaded<System> system;
  config::Loaded<Chip> package;    // what is bought
  config::Loaded<Chip> rank_chip;  // what a rank runs on
  config::Loaded<Software> software;
  config::Loaded<Process> process;
  Model model;
  systems::Machine machine;
  llm::Plan plan;
  MemoryFit memory;
};

// Throws ConfigError or UsageError: files that are not there, ranks that do not fit the system,
// expert slots or memory that do not fit, core partitions beyond the chip.
ScenarioInputs load_scenario(const config::Catalog& catalog, const config::Loaded<Study>& study,
                             const Scenario& scenario);

// Cores of a node's stream: the scenario's partition, or all.
Cores stream_cores(const ScenarioInputs& inputs, bool attention, bool alone);

}  // namespace reticle::study
