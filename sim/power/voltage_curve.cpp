#include "sim/power/voltage_curve.h"

#include <cmath>

namespace reticle::power {

double VoltageCurve::voltage(double clock_hz) const {
  if (clock_hz <= knee_clock_hz) {
    return min_v;
  }
  return min_v + (max_v - min_v) * (clock_hz - knee_clock_hz) / (max_clock_hz - knee_clock_hz);
}

std::size_t VoltageCurve::clocks() const {
  return static_cast<std::size_t>((max_clock_hz - min_clock_hz) / step_hz) + 1;
}

double VoltageCurve::clock_hz(std::size_t choice) const {
  return max_clock_hz - static_cast<double>(clocks() - 1 - choice) * step_hz;
}

VoltageCurve fixed_clock(double clock_hz) { return {clock_hz, clock_hz, clock_hz, clock_hz, 1, 1}; }

}  // namespace reticle::power
