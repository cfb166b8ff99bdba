#pragma once

#include <cmath>
#include <cstdint>

namespace reticle::fabric {

// Seconds to the nearest picosecond, the engine's unit of time.
inline std::int64_t picoseconds(double seconds) {
  constexpr double kPerSecond = 1e12;
  return std::llround(seconds * kPerSecond);
}

}  // namespace reticle::fabric
