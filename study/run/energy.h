#pragma once

#include "schema/result.pb.h"
#include "study/run/inputs.h"
#include "study/run/step.h"

namespace reticle::study {

// Joules per token by component and average power: of the packages (dynamic energy of kernels and
// links plus idle power), and at the wall (hosts, switches, optics, conversion, PUE). Components
// sum to j_per_token.
EnergyResult energy(const ScenarioInputs& inputs, const Throughput& throughput, const Step& step);

}  // namespace reticle::study
