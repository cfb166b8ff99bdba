#pragma once

#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "sim/power/governor.h"
#include "sim/power/steady_state.h"

namespace reticle::study {

// The run at the highest clock at which its average power stays under the cap (the lowest clock if
// none does). `at_clock` runs at a clock; a Run has `power`, its power::State. The choice of the
// curve that is `expected` is tried first, and changes nothing else.
template <class Run>
Run under_cap(const power::VoltageCurve& curve, double cap_w, std::size_t expected,
              const std::function<Run(double)>& at_clock) {
  constexpr int kRefinements = 2;  // of the clock between two choices of the curve
  std::map<std::size_t, Run> tried;
  const power::Bracket bracket = power::govern(curve, cap_w, expected, [&](std::size_t choice) {
    tried[choice] = at_clock(curve.clock_hz(choice));
    return tried[choice].power.power_w;
  });
  Run best = std::move(tried.at(bracket.within));
  if (!bracket.over) {
    return best;
  }
  // Closer to the cap from below: where the line between the best clock under it and the lowest one
  // over it crosses. Drivers set clocks in whole megahertz.
  double over_hz = curve.clock_hz(*bracket.over);
  double over_w = tried.at(*bracket.over).power.power_w;
  for (int i = 0; i < kRefinements; ++i) {
    const double below_hz = best.power.clock_hz;
    const double share = (cap_w - best.power.power_w) / (over_w - best.power.power_w);
    const double clock_hz = std::floor((below_hz + (over_hz - below_hz) * share) * 1e-6) * 1e6;
    if (clock_hz <= below_hz) {
      break;
    }
    Run between = at_clock(clock_hz);
    if (between.power.power_w <= cap_w) {
      best = std::move(between);
    } else {
      over_hz = clock_hz;
      over_w = between.power.power_w;
    }
  }
  return best;
}

}  // namespace reticle::study
