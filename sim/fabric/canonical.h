#pragma once

#include <cstddef>
#include <vector>

#include "sim/fabric/max_min.h"

namespace reticle::fabric {

// The classes in an order that depends on their content alone: sums then have equal bits however
// the caller ordered them. Equal classes are interchangeable.
struct Canonical {
  explicit Canonical(const std::vector<FlowClass>& given);

  // Puts per-class values back into the caller's order.
  template <class Value>
  std::vector<Value> restore(const std::vector<Value>& sorted) const {
    std::vector<Value> out(sorted.size());
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      out[from[i]] = sorted[i];
    }
    return out;
  }

  std::vector<std::size_t> from;  // canonical place -> caller's place
  std::vector<FlowClass> classes;
};

}  // namespace reticle::fabric
