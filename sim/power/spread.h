#pragma once

#include <cstdint>

#include "sim/power/steady_state.h"

namespace reticle::power {

// Largest of `draws` standard normal draws, as expected (Blom, 1958); 0 of one.
double expected_largest(std::int64_t draws);

// Of `chips` of a kind the one whose cores burn most: the one that a cap slows down most.
ChipSpec hottest(const ChipSpec& chip, std::int64_t chips);

}  // namespace reticle::power
