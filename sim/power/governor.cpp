#include "sim/power/governor.h"

#include <algorithm>
#include <cmath>

namespace reticle::power {

namespace {

struct Point {
  std::size_t choice;
  double power_w;
};

// Where the cap is crossed: on the line between two known points or, with only the upper one, on
// power in proportion to the clock squared.
double crossing_hz(const VoltageCurve& curve, double cap_w, const std::optional<Point>& within,
                   const Point& over) {
  const double upper = curve.clock_hz(over.choice);
  if (!within) {
    return upper * std::sqrt(cap_w / over.power_w);
  }
  const double lower = curve.clock_hz(within->choice);
  return lower + (upper - lower) * (cap_w - within->power_w) / (over.power_w - within->power_w);
}

}  // namespace

Bracket govern(const VoltageCurve& curve, double cap_w,
               const std::function<double(std::size_t)>& power_w) {
  const std::size_t highest = curve.clocks() - 1;
  Point over = {highest, power_w(highest)};
  if (over.power_w <= cap_w) {
    return {highest, std::nullopt};
  }
  std::optional<Point> within;
  while (over.choice > (within ? within->choice + 1 : 0)) {
    const double lowest_left = within ? static_cast<double>(within->choice + 1) : 0;
    const double guess =
        (crossing_hz(curve, cap_w, within, over) - curve.clock_hz(0)) / curve.step_hz;
    const auto choice = static_cast<std::size_t>(
        std::clamp(std::floor(guess), lowest_left, static_cast<double>(over.choice - 1)));
    const Point asked = {choice, power_w(choice)};
    if (asked.power_w <= cap_w) {
      within = asked;
    } else {
      over = asked;
    }
  }
  if (!within) {
    return {over.choice, std::nullopt};
  }
  return {within->choice, over.choice};
}

}  // namespace reticle::power
