#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/kernels/store.h"
#include "schema/config/catalog.h"
#include "schema/result.pb.h"
#include "study/run/rank_step.h"
#include "study/run/step.h"

namespace reticle::study {

struct RunOptions {
  std::uint64_t seed = 1;
  Fidelity fidelity = FIDELITY_CYCLE;
};

// One scenario's inputs and simulated step, for traces.
struct ScenarioRun {
  ScenarioInputs inputs;
  Step step;
  std::optional<RankStep> ranks;  // where every rank was simulated by itself
};

struct StudyRun {
  RunResult result;
  std::vector<ScenarioRun> scenarios;
};

// Answers a study: reads and checks everything first, elaborates all chips, then simulates scenario
// after scenario. `progress` is told what is being done before each kernel
// that the store does not know, and may throw to end the run there. Errors as in load_scenario.
StudyRun run_study(const config::Catalog& catalog, const config::Loaded<Study>& study,
                   const RunOptions& options, kernels::Store& store,
                   const std::function<void(const std::string&)>& progress);

}  // namespace reticle::study
