#pragma once

#include <string>

#include "schema/config/catalog.h"
#include "workloads/traces/recording.h"

namespace reticle::study {

// The software stack in configs/ whose kernels a recording names (Software.recorded_as), if the
// chip of a rank of `system` runs the same instructions as the recording's chip (`source`, null if
// not known). Else empty: another chip has kernels of its own. The first by name of several.
std::string recorded_stack(const config::Catalog& catalog, const traces::Recording& recording,
                           const Chip* source, const std::string& system);

}  // namespace reticle::study
