#pragma once

#include <string>
#include <vector>

#include "gui/model/trace_data.h"

namespace reticle::gui {

// What a counter of power (unit W) comes to within a range.
struct CounterEnergy {
  std::string counter;  // "rank 0/power"
  double mean_w = 0;
  double max_w = 0;
  double joules = 0;
};
std::vector<CounterEnergy> counter_energy(const Contents& contents, const TimeRange& range);

// What slices of a name used (argument energy_j), each by the part of it within the range.
struct NameEnergy {
  std::uint32_t name = 0;
  std::uint64_t count = 0;
  double joules = 0;
  double seconds = 0;
};
// Most joules first.
std::vector<NameEnergy> name_energy(const Contents& contents, const TimeRange& range);

}  // namespace reticle::gui
