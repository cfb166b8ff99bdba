#pragma once

#include "schema/result.pb.h"
#include "study/run/inputs.h"
#include "study/run/step.h"

namespace reticle::study {

// Accepted tokens a sequence and step: 1 + a + a^2 + ..., one term a draft of acceptance a.
double tokens_per_step(const Mtp& mtp);

// Throughput of a static batch (accepted output tokens; prompt tokens in prefill, whose pass is the
// time to first token of each of its prompts) and MFU = model operations per second over the peak
// of all ranks at the type of the linear layers.
Throughput throughput(const ScenarioInputs& inputs, const Step& step);

}  // namespace reticle::study
