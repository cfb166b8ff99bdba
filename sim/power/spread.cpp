#include "sim/power/spread.h"

#include <boost/math/distributions/normal.hpp>

namespace reticle::power {

double expected_largest(std::int64_t draws) {
  const auto n = static_cast<double>(draws);
  return draws < 2 ? 0
                   : boost::math::quantile(boost::math::normal(), (n - 3.0 / 8) / (n + 1.0 / 4));
}

ChipSpec hottest(const ChipSpec& chip, std::int64_t chips) {
  ChipSpec one = chip;
  one.burn = chip.burn * (1 + chip.spread * expected_largest(chips));
  return one;
}

}  // namespace reticle::power
