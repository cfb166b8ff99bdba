#pragma once

#include "study/kernel/govern_run.h"
#include "study/run/step.h"

namespace reticle::study {

// A step's graph with what each node takes, on the streams of one rank; its power is not settled.
Step build_step(const ScenarioInputs& inputs, Simulator& simulator, Fidelity fidelity,
                const RunClocks& clocks);

}  // namespace reticle::study
