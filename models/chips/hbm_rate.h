#pragma once

#include "schema/chip.pb.h"

namespace reticle::chips {

// Bytes a second of all channels: at their pins, and what refresh leaves.
double hbm_pin_rate(const Hbm& hbm);
double hbm_rate(const Hbm& hbm);

}  // namespace reticle::chips
