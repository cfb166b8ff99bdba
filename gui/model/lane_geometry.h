#pragma once

#include <cstdint>
#include <vector>

#include "gui/model/lane.h"
#include "gui/model/time_range.h"

namespace reticle::gui {

// A slice at least a pixel wide, in pixels (it may reach beyond both edges).
struct Box {
  std::size_t slice = 0;
  double from_x = 0;
  double to_x = 0;
};

// What a pixel column holds of slices narrower than it.
struct Column {
  float busy = 0;  // pixels, 0 .. 1
  float dominant = 0;
  std::uint32_t name = 0;
};

// A lane as it is drawn at a scale, without colours: independent of theme, hover and selection.
struct LaneGeometry {
  std::vector<Box> boxes;
  std::vector<Column> columns;  // one a pixel
};

// Visits about as many cells as there are pixels, however many slices there are. The second form
// fills what is there, so that its memory is used again.
LaneGeometry lane_geometry(const Lane& lane, const Scale& scale);
void lane_geometry(const Lane& lane, const Scale& scale, LaneGeometry& out);

}  // namespace reticle::gui
