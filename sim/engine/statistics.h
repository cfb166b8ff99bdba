#pragma once

#include <string>
#include <vector>

namespace reticle::engine {

// One figure a component reports after a run.
struct Statistic {
  std::string name;         // hierarchical: "hbm.bytes"
  std::string unit;         // "B", "ps", "1"
  std::string description;  // one sentence
  double value = 0;
};

using Statistics = std::vector<Statistic>;

}  // namespace reticle::engine
