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
  double notch = 0;  // strip at the bottom that holds no die, from the wafer's edge
};

// Centre of a die, from the wafer's centre, in metres.
struct DiePosition {
  double x = 0;
  double y = 0;
};

// The most whole dies that one rigid grid of pitch (width + scribe, height + scribe) puts on a
// wafer, all four corners inside the usable radius, over every offset of the grid. Exact: a best
// set of dies can be shifted until two of its corners lie on the usable circle, so only such
// offsets are tried; with a notch also those where a row stands on its strip. Ordered by row, then
// column; empty when no die fits. Throws std::domain_error if a length is negative or the die has
// no area. Scanner fields do not change the count: they are trimmed to whole dies, so the dies of
// all fields lie on one grid.
std::vector<DiePosition> place_dies(const WaferGrid& grid);

// Places of the same grid that touch the wafer without being wholly usable: printed in part, lost.
std::vector<DiePosition> partial_dies(const WaferGrid& grid, const std::vector<DiePosition>& whole);

// Scanner fields of whole dies.
struct FieldPlan {
  int columns = 0;  // dies of a field; 0: the die does not fit one
  int rows = 0;
  double utilisation = 0;  // share of the field's area that is die
  int exposures = 0;       // fewest fields that hold every die of the wafer
};
FieldPlan plan_fields(const WaferGrid& grid, const std::vector<DiePosition>& dies,
                      double field_width, double field_height);

}  // namespace reticle::economics
