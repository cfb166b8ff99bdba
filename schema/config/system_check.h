#pragma once

#include "schema/config/catalog.h"

namespace reticle::config {

// What a system's keys must be to each other: tiers widen and reach every package, faults name what
// is there, the collective library has algorithms that exist. ConfigError at the key in question.
void check_system(const Loaded<System>& loaded);

}  // namespace reticle::config
