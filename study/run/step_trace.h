#pragma once

#include <filesystem>

#include "study/run/inputs.h"
#include "study/run/step.h"

namespace reticle::study {

// Writes one step of the simulated rank as .rtrace: a track a stream with every kernel and
// transfer, counters for power (W, also by component), HBM and link traffic (B/s), clock,
// temperature and KV cache (B), and flows along dependencies between streams.
void write_step_trace(const std::filesystem::path& path, const ScenarioInputs& inputs,
                      const Step& step);

}  // namespace reticle::study
