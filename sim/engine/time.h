#pragma once

#include <cmath>
#include <cstdint>

namespace reticle::engine {

using Ps = std::int64_t;      // picoseconds
using Cycles = std::int64_t;  // of one clock domain

// A clock: converts whole cycles to picoseconds once, at the boundary, so that clocks whose period
// is not a whole number of picoseconds (1.755 GHz = 569.8 ps) do not drift.
class ClockDomain {
 public:
  explicit ClockDomain(double hz) : hz_(hz) {}
  double hz() const { return hz_; }
  Ps to_ps(Cycles cycles) const { return std::llround(static_cast<double>(cycles) * (1e12 / hz_)); }

 private:
  double hz_;
};

// Time to move `bytes` at `bytes_per_s`, rounded up: a transfer is never faster than its link.
inline Ps transfer_ps(double bytes, double bytes_per_s) {
  return static_cast<Ps>(std::ceil(bytes * 1e12 / bytes_per_s));
}

inline Ps seconds_to_ps(double seconds) { return std::llround(seconds * 1e12); }

}  // namespace reticle::engine
