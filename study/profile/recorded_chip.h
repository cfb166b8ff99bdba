#pragma once

#include <optional>
#include <string>

#include "schema/chip.pb.h"
#include "schema/config/catalog.h"

namespace reticle::study {

// The chip a profiler names ("NVIDIA H800"): the first whose name begins with a word of that; or
// the chip of that very name, which simulated profiles have.
std::optional<Chip> recorded_chip(const config::Catalog& catalog, const std::string& device);

}  // namespace reticle::study
