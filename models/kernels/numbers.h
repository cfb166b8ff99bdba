#pragma once

#include <cmath>
#include <cstdint>

namespace reticle::kernels {

// Conversions that tile programs need all over; the values fit (shapes are checked when a kernel is
// asked for).
inline std::uint32_t narrow(std::int64_t value) { return static_cast<std::uint32_t>(value); }
inline double real(std::int64_t value) { return static_cast<double>(value); }
// Whole cycles or bytes, the last one begun counted.
inline std::uint32_t whole(double value) { return static_cast<std::uint32_t>(std::ceil(value)); }

}  // namespace reticle::kernels
