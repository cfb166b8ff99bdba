#pragma once

#include "schema/config/catalog.h"
#include "study/run/inputs.h"

namespace reticle::study {

// Puts the scenario's faults beside the system's own, as if the system's file said them.
// ConfigError where they were written: tiers, planes, nodes and dies that are not there.
void add_faults(ScenarioInputs& inputs, const config::Loaded<Study>& study);

// ConfigError, at a fault, unless every rank still reaches every other.
void check_reach(const ScenarioInputs& inputs, const llm::Locate& locate);

}  // namespace reticle::study
