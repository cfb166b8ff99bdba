#pragma once

#include "schema/result.pb.h"
#include "study/kernel/simulator.h"
#include "study/run/inputs.h"
#include "study/run/step.h"

namespace reticle::study {

// Refuses published figures of a part that does not exist, or in another unit: ConfigError, at the
// study.
void check_published(const ScenarioInputs& inputs, const config::Loaded<Study>& study);

// Adds throughput.parts: what the step is made of, each beside its published value where the
// scenario names one. Kernels are those of `alike`, the step in which all ranks are alike: `step`
// itself unless every rank was simulated.
void add_parts(Throughput& throughput, const ScenarioInputs& inputs,
               const config::Loaded<Study>& study, const Step& step, const Step& alike,
               Simulator& simulator);

}  // namespace reticle::study
