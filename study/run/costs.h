#pragma once

#include <cstdint>

#include "schema/result.pb.h"
#include "study/run/inputs.h"

namespace reticle::study {

// Refuses a study's `inversions` that name no scenario of it: ConfigError, at the study.
void check_inversions(const config::Loaded<Study>& study);

// Adds what every scenario of `result` costs and emits, which is cheaper and how surely, and the
// study's inversions. `inputs` are those of result.scenarios, which has throughput and power. All
// scenarios together, so that what they share has the same draws.
void add_costs(const std::vector<ScenarioInputs>& inputs, const config::Loaded<Study>& study,
               std::uint64_t seed, RunResult& result);

}  // namespace reticle::study
