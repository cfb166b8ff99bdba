#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gui/model/time_range.h"

namespace reticle::gui {

struct Options {
  std::vector<std::filesystem::path> traces;  // one, or two to compare
  std::string screenshot;                     // empty: a window
  std::string export_to;
  std::vector<std::string> views;
  int width = 1400;  // pixels
  int height = 850;
  double scale = 1;  // device pixels a pixel
  std::optional<TimeRange> range;
  std::optional<TimeRange> mark;
  std::string select;  // the first slice in view with this in its name
  std::string align;   // in both traces, the first slice with this in its name
  std::string find;
  std::string filter;
  std::string model;  // whose widths a profile's grids do not tell
  std::string chip;   // whose roofs a profile is drawn under; empty: as the profile says
  std::string font;   // a file
  bool dark = false;
};

// "1400x850". Errors: UsageError.
void parse_size(const std::string& text, Options& options);
// "A..B" in microseconds; `option` is named in the error. Errors: UsageError.
TimeRange parse_range(const std::string& option, const std::string& text);

}  // namespace reticle::gui
