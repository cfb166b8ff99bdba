#pragma once

#include <vector>

namespace reticle::economics {

// Lengths in metres.
struct WaferGrid {
  double wafer_diameter = 0;
  double edge_exclusion = 0;
  double scribe = 0;
  double die_width = 0;
  double die_height = 0;
};

// Centre of a die, from the wafer's centre, in metres.
struct DiePosition {
  double x = 0;
  double y = 0;
};

// The most whole dies that one rigid grid of pitch (width + scribe, height + scribe) puts on a
// wafer, all four corners inside the usable radius, over every offset of the grid. Exact: a best
// set of dies can be shifted until two of its corners lie on the usable circle, so only such
// offsets are tried. No notch, no reticle fields. Ordered by row, then column; empty when no die
// fits. Throws std::domain_error if a length is negative or the die has no area.
std::vector<DiePosition> place_dies(const WaferGrid& grid);

}  // namespace reticle::economics
