#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "sim/power/voltage_curve.h"

namespace reticle::power {

// Clocks of one phase of a run: its work is done in turn at two neighbouring choices of the curve,
// so that its average power is the cap.
struct PhaseClock {
  std::size_t within = 0;  // choice whose power is at most the cap
  double over_share = 0;   // of the work that is done at the next one up
};

struct PhaseUse {
  double seconds = 0;
  double joules = 0;
};

// Parts of a run that have a clock each: as many as windows of the governor fit, one at least.
std::size_t phases(double seconds, double window_s);

// Highest clocks under the cap, a phase. `use` says what each phase takes with the whole run at one
// choice of the curve; it is asked from `expected` on, as far up and down as the phases' clocks
// lie, never twice. A phase over the cap at the lowest clock has that clock.
std::vector<PhaseClock> govern_phases(const VoltageCurve& curve, double cap_w, std::size_t expected,
                                      const std::function<std::vector<PhaseUse>(std::size_t)>& use);

}  // namespace reticle::power
