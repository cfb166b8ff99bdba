#pragma once

#include <optional>
#include <string>

#include "gui/model/time_range.h"

namespace reticle::gui {

struct Options {
  std::string trace;
  std::string screenshot;  // empty: a window
  int width = 1400;        // pixels
  int height = 850;
  std::optional<TimeRange> range;
  std::string select;  // the first slice in view with this in its name
  bool dark = false;
};

// "1400x850". Errors: UsageError.
void parse_size(const std::string& text, Options& options);
// "A..B" in microseconds. Errors: UsageError.
TimeRange parse_range(const std::string& text);

}  // namespace reticle::gui
