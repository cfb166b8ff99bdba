#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gui/model/trace_data.h"

namespace reticle::gui {

// Kernels of a name: operations against bytes of memory (arguments operations and hbm_bytes).
struct RooflinePoint {
  std::uint32_t name = 0;
  std::string bound_by;  // of the first of them; empty: not said
  std::uint64_t count = 0;
  double operations = 0;
  double bytes = 0;
  double seconds = 0;

  double intensity() const { return operations / bytes; }  // operations a byte
  double per_second() const { return operations / seconds; }
};

struct Roof {
  std::string name;  // a dtype
  double operations_per_s = 0;
};

struct Roofline {
  std::vector<RooflinePoint> points;  // longest first
  std::vector<Roof> roofs;            // highest first
  double bytes_per_s = 0;             // 0: the trace does not say
};

// Of the kernels that start within `range`; of `names` only, unless that is empty (by string id).
// Roofs are what the trace says of its chip (properties peak_DTYPE_per_s, hbm_bytes_per_s).
Roofline roofline(const Contents& contents, const TimeRange& range, const std::vector<bool>& names);

}  // namespace reticle::gui
