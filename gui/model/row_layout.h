#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "gui/model/trace_data.h"

namespace reticle::gui {

enum class RowKind { kGroup, kTrack, kCounter };

// A strip across the timeline: the header of a track that has others or counters below it, all
// depths of a track with slices, or a counter.
struct Row {
  RowKind kind = RowKind::kGroup;
  trace::TrackId track;
  trace::CounterId counter;        // of kCounter
  std::vector<std::size_t> lanes;  // kTrack: by depth; kGroup: outermost lanes of all below
  int indent = 0;
  bool expanded = true;  // kGroup
  int y = 0;             // from the top of all rows, pixels
  int height = 0;
};

struct RowHeights {
  int group = 24;
  int lane = 26;
  int counter = 58;
  int gap = 4;  // below a row
};

// The rows from top to bottom: of each track its header, its slices, its counters, then the tracks
// in it. What is in a collapsed track has no rows.
std::vector<Row> row_layout(const trace::Summary& summary, const LaneIndex& index,
                            const std::set<std::uint32_t>& collapsed, const RowHeights& heights);

// So that the rows fill `room` pixels, if at most twice and at least 0.65 of the plain heights do.
RowHeights filling_heights(const trace::Summary& summary, const LaneIndex& index,
                           const std::set<std::uint32_t>& collapsed, int room);

// Height of all rows.
int total_height(const std::vector<Row>& rows);

}  // namespace reticle::gui
