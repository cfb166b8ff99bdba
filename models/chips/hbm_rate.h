#pragma once

#include "schema/chip.pb.h"

namespace reticle::chips {

// As family.h has it, for those who do without the simulator: bytes a second of all channels, at
// their pins.
double hbm_pin_rate(const Hbm& hbm);

}  // namespace reticle::chips
