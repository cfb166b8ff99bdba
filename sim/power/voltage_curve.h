#pragma once

#include <cstddef>

namespace reticle::power {

// Voltage the cores need at a clock: the least up to the knee, then linear. And the clocks a
// governor may choose: the highest, and every step below it that is not below the lowest.
struct VoltageCurve {
  double min_clock_hz = 0;
  double knee_clock_hz = 0;
  double max_clock_hz = 0;
  double step_hz = 0;
  double min_v = 0;
  double max_v = 0;

  // Extends beyond the highest clock on the same line.
  double voltage(double clock_hz) const;

  // Choices in rising order.
  std::size_t clocks() const;
  double clock_hz(std::size_t choice) const;
};

// The curve of a chip that has one clock and one voltage.
VoltageCurve fixed_clock(double clock_hz);

}  // namespace reticle::power
