#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "gui/model/counter_views.h"
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
  bool pinned = false;   // stays above the others, which scroll
  int y = 0;             // from the top of the pinned rows, or of the others, pixels
  int height = 0;
};

// A track, or a counter (then its track is 0).
struct RowId {
  std::uint32_t track = 0;
  std::uint32_t counter = 0;

  bool operator==(const RowId& other) const {
    return track == other.track && counter == other.counter;
  }
  bool operator<(const RowId& other) const {
    return std::tie(track, counter) < std::tie(other.track, other.counter);
  }
};
RowId id_of(const Row& row);

// What the user made of the rows.
struct Arrangement {
  std::set<std::uint32_t> collapsed;  // tracks
  std::set<RowId> hidden;             // with all below
  std::vector<RowId> pinned;          // from top to bottom; they stand in their place too
  std::map<std::uint32_t, std::vector<std::uint32_t>> order;  // tracks by parent, if not the file's
  std::map<std::uint32_t, CounterMode> modes;  // of counters that do not show their values
  std::string filter;  // only what has it in its path, and the groups around
};

struct RowHeights {
  int group = 24;
  int lane = 26;
  int counter = 58;
  int gap = 4;  // below a row
};

// The pinned rows, then all others from top to bottom, hosts last: of each track its header, its
// slices, its counters (one that never changes in a low row), then the tracks in it. What is in a
// collapsed track has no rows.
std::vector<Row> row_layout(const Contents& contents, const Arrangement& arrangement,
                            const RowHeights& heights);

// So that the rows fill `room` pixels, if at most twice and at least 0.65 of the plain heights do.
RowHeights filling_heights(const Contents& contents, const Arrangement& arrangement, int room);

// Height of all rows that scroll, and of those that are pinned.
int total_height(const std::vector<Row>& rows);
int pinned_height(const std::vector<Row>& rows);

// Groups of counters and nothing else which start closed: those of more than a few, or all if there
// are many such groups (one a rank).
std::set<std::uint32_t> counter_groups(const Contents& contents);

// Tracks of a parent in the order they are shown in.
std::vector<std::uint32_t> ordered_children(const trace::Summary& summary,
                                            const Arrangement& arrangement, std::uint32_t parent);
// Moves a track before its sibling `before` (0: to the end). False if they are no siblings.
bool move_track(const trace::Summary& summary, Arrangement& arrangement, std::uint32_t track,
                std::uint32_t before);

}  // namespace reticle::gui
