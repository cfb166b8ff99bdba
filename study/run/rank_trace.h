#pragma once

#include <filesystem>

#include "study/run/rank_step.h"

namespace reticle::study {

// A row a rank as .rtrace, in phases: what a rank's streams do of one layer and micro-batch between
// two meetings, the wait before a meeting, and the meeting; and of each expert slot a counter of
// the tokens (rows) that the layer's dispatch brings it. Errors: as trace::Recorder.
void write_rank_trace(const std::filesystem::path& path, const ScenarioInputs& inputs,
                      const Step& step, const RankStep& ranks);

}  // namespace reticle::study
