#pragma once

#include "schema/result.pb.h"
#include "study/kernel/simulator.h"
#include "study/run/inputs.h"
#include "study/run/step.h"

namespace reticle::study {

// Adds throughput.parts: what the step is made of, each beside its published value where the
// scenario names one. ConfigError (at the study) for a published part that does not exist, or in
// another unit.
void add_parts(Throughput& throughput, const ScenarioInputs& inputs,
               const config::Loaded<Study>& study, const Step& step, Simulator& simulator);

}  // namespace reticle::study
