#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "models/kernels/store.h"
#include "schema/config/catalog.h"
#include "schema/result.pb.h"
#include "study/run/step.h"

namespace reticle::study {

// A catalog with further settings on top of the user's.
using OpenCatalog = std::function<config::Catalog(const std::vector<config::Setting>&)>;

struct ExplainOptions {
  std::size_t inputs = 15;  // elasticities kept, largest first; 0: none is computed
  double step = 0.1;        // relative change of an input, up and down
  Fidelity fidelity = FIDELITY_CYCLE;
};

// Where the time of each scenario's step goes, and what its throughput hangs on: every candidate
// input is raised and lowered by itself and the step simulated again. Errors as run_study. A change
// that a config refuses (a batch that does not fit in memory) leaves that side 0.
ExplainResult explain_study(const OpenCatalog& open, const std::filesystem::path& study,
                            const ExplainOptions& options, kernels::Store& store,
                            const std::function<void(const std::string&)>& progress);

// Time on the critical path by operator label, largest share first, host time as `host`.
google::protobuf::RepeatedPtrField<CriticalOperator> critical_operators(const Step& step);

// For people.
std::string explanation(const ExplainResult& result);

}  // namespace reticle::study
