#include "sim/power/governor.h"

#include <algorithm>
#include <cmath>

namespace reticle::power {

namespace {

struct Point {
  std::size_t choice;
  double power_w;
};

// Where the cap is crossed: on the line between two known points or, with only one, on power in
// proportion to the clock squared.
double crossing_hz(const VoltageCurve& curve, double cap_w, const std::optional<Point>& within,
                   const std::optional<Point>& over) {
  if (!within || !over) {
    const Point& known = within ? *within : *over;
    return curve.clock_hz(known.choice) * std::sqrt(cap_w / known.power_w);
  }
  const double lower = curve.clock_hz(within->choice);
  const double upper = curve.clock_hz(over->choice);
  return lower + (upper - lower) * (cap_w - within->power_w) / (over->power_w - within->power_w);
}

// The choice to ask for next: the highest below the crossing that is still open.
std::size_t next_choice(const VoltageCurve& curve, double cap_w, const std::optional<Point>& within,
                        const std::optional<Point>& over) {
  const double guess =
      (crossing_hz(curve, cap_w, within, over) - curve.clock_hz(0)) / curve.step_hz;
  const std::size_t lowest = within ? within->choice + 1 : 0;
  const std::size_t highest = over ? over->choice - 1 : curve.clocks() - 1;
  return static_cast<std::size_t>(
      std::clamp(std::floor(guess), static_cast<double>(lowest), static_cast<double>(highest)));
}

}  // namespace

Bracket govern(const VoltageCurve& curve, double cap_w, std::size_t expected,
               const std::function<double(std::size_t)>& power_w) {
  const std::size_t highest = curve.clocks() - 1;
  std::optional<Point> within;
  std::optional<Point> over;
  for (std::size_t choice = std::min(expected, highest);;
       choice = next_choice(curve, cap_w, within, over)) {
    const Point asked = {choice, power_w(choice)};
    (asked.power_w <= cap_w ? within : over) = asked;
    if (within && within->choice == highest) {
      return {highest, std::nullopt};
    }
    if (over && over->choice == 0) {
      return {0, std::nullopt};
    }
    if (within && over && within->choice + 1 == over->choice) {
      return {within->choice, over->choice};
    }
  }
}

}  // namespace reticle::power
