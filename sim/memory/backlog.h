#pragma once

#include <algorithm>

#include "sim/engine/time.h"

namespace reticle::memory {

// Work that waits before a resource which serves in order of arrival, over time.
class Backlog {
 public:
  void reset() { area_ = 0; }

  // Work that arrives while the resource is taken until `busy_until`: it waits for its turn, and is
  // then done at a steady rate.
  void add(engine::Ps at, engine::Ps busy_until, engine::Ps work) {
    const auto size = static_cast<double>(work);
    area_ += size * (static_cast<double>(std::max<engine::Ps>(0, busy_until - at)) + size / 2);
  }

  // Mean over a time, of so many like resources: how long a request of somebody else would wait.
  engine::Ps mean(engine::Ps elapsed, double resources = 1) const {
    return elapsed <= 0
               ? 0
               : static_cast<engine::Ps>(area_ / (static_cast<double>(elapsed) * resources));
  }

 private:
  double area_ = 0;  // ps squared
};

}  // namespace reticle::memory
