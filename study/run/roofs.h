#pragma once

#include <string>
#include <utility>
#include <vector>

#include "schema/chip.pb.h"

namespace reticle::study {

// A chip's roofs as a trace's properties say them: hbm_bytes_per_s, peak_DTYPE_per_s of each type
// that its matrix units take.
std::vector<std::pair<std::string, std::string>> roof_properties(const Chip& chip);

}  // namespace reticle::study
