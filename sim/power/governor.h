#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "sim/power/voltage_curve.h"

namespace reticle::power {

// Neighbouring choices of a curve with the cap between their powers.
struct Bracket {
  std::size_t within = 0;           // highest choice whose power is at most the cap
  std::optional<std::size_t> over;  // the next one up; none: no choice is on the other side
};

// The highest clock under the cap, if power grows with the clock. `power_w` is asked for as few
// choices as possible (each may be a simulation), `expected` first, none twice. A cap below the
// power of the lowest clock gives the lowest clock. What was expected does not change the answer.
Bracket govern(const VoltageCurve& curve, double cap_w, std::size_t expected,
               const std::function<double(std::size_t)>& power_w);

}  // namespace reticle::power
