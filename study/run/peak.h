#pragma once

#include "schema/chip.pb.h"
#include "schema/operator.pb.h"

namespace reticle::study {

// Peak operations a second of a chip's matrix units at its clock, all cores: 2 MACs per clock and
// core. UsageError if it has no unit for the type.
double peak_flops(const Chip& chip, Dtype dtype);

}  // namespace reticle::study
