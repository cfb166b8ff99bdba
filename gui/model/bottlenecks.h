#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gui/model/document.h"

namespace reticle::gui {

// What held a range up: its time by what bound it (largest first), and each stream's, busy and idle
// by WaitReason.
struct Bottlenecks {
  struct Stream {
    std::string name;
    std::int64_t busy_ps = 0;
    std::vector<std::int64_t> idle_ps;
  };

  TimeRange range;
  std::vector<std::pair<std::string, std::int64_t>> totals;
  std::vector<Stream> streams;
};
Bottlenecks bottlenecks(const Document& document, const TimeRange& range);

}  // namespace reticle::gui
