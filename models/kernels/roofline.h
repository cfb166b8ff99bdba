#pragma once

#include "schema/chip.pb.h"
#include "schema/kernel.pb.h"
#include "schema/operator.pb.h"

namespace reticle::kernels {

// The bound of a chip of which only peaks are known: every kernel takes as long as its busiest
// resource, and a memory latency. Throws UsageError for types the chip has no peak for.
DemandVector roofline(const Operator& op, const Chip& chip);

}  // namespace reticle::kernels
