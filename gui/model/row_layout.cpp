#include "gui/model/row_layout.h"

#include <algorithm>

namespace reticle::gui {
namespace {

class Layout {
 public:
  Layout(const trace::Summary& summary, const LaneIndex& index,
         const std::set<std::uint32_t>& collapsed, const RowHeights& heights)
      : summary_(summary),
        index_(index),
        collapsed_(collapsed),
        heights_(heights),
        children_(summary.tracks.size() + 1),
        counters_(summary.tracks.size() + 1) {
    for (std::uint32_t i = 0; i < summary.tracks.size(); ++i) {
      children_[summary.tracks[i].parent.value].push_back({i + 1});
    }
    for (std::uint32_t i = 0; i < summary.counters.size(); ++i) {
      counters_[summary.counters[i].track.value].push_back({i + 1});
    }
  }

  std::vector<Row> build() {
    for (const trace::CounterId counter : counters_[0]) {
      add_counter({}, counter, 0);
    }
    for (const trace::TrackId track : children_[0]) {
      add(track, 0);
    }
    return std::move(rows_);
  }

 private:
  void add(trace::TrackId track, int indent) {
    const bool group = !children_[track.value].empty() || !counters_[track.value].empty();
    if (group) {
      const bool expanded = collapsed_.count(track.value) == 0;
      Row row = row_of(RowKind::kGroup, track, indent, heights_.group);
      row.expanded = expanded;
      collect(track, row.lanes);
      push(std::move(row));
      if (!expanded) {
        return;
      }
      ++indent;
    }
    if (index_.depths(track) > 0) {
      Row row = row_of(RowKind::kTrack, track, indent, 0);
      for (std::uint32_t depth = 0; depth < index_.depths(track); ++depth) {
        row.lanes.push_back(index_.lane(track, depth));
      }
      row.height = heights_.lane * static_cast<int>(row.lanes.size());
      push(std::move(row));
    }
    for (const trace::CounterId counter : counters_[track.value]) {
      add_counter(track, counter, indent);
    }
    for (const trace::TrackId child : children_[track.value]) {
      add(child, indent);
    }
  }

  void add_counter(trace::TrackId track, trace::CounterId counter, int indent) {
    Row row = row_of(RowKind::kCounter, track, indent, heights_.counter);
    row.counter = counter;
    push(std::move(row));
  }

  void collect(trace::TrackId track, std::vector<std::size_t>& lanes) const {
    if (index_.depths(track) > 0) {
      lanes.push_back(index_.lane(track, 0));
    }
    for (const trace::TrackId child : children_[track.value]) {
      collect(child, lanes);
    }
  }

  static Row row_of(RowKind kind, trace::TrackId track, int indent, int height) {
    Row row;
    row.kind = kind;
    row.track = track;
    row.indent = indent;
    row.height = height;
    return row;
  }

  void push(Row row) {
    row.y = y_;
    y_ += row.height + heights_.gap;
    rows_.push_back(std::move(row));
  }

  const trace::Summary& summary_;
  const LaneIndex& index_;
  const std::set<std::uint32_t>& collapsed_;
  RowHeights heights_;
  std::vector<std::vector<trace::TrackId>> children_;  // by track; 0: the roots
  std::vector<std::vector<trace::CounterId>> counters_;
  std::vector<Row> rows_;
  int y_ = 0;
};

}  // namespace

std::vector<Row> row_layout(const trace::Summary& summary, const LaneIndex& index,
                            const std::set<std::uint32_t>& collapsed, const RowHeights& heights) {
  return Layout(summary, index, collapsed, heights).build();
}

RowHeights filling_heights(const trace::Summary& summary, const LaneIndex& index,
                           const std::set<std::uint32_t>& collapsed, int room) {
  const RowHeights plain;
  const int needed = total_height(row_layout(summary, index, collapsed, plain));
  const double factor = needed == 0 ? 1 : std::clamp(1.0 * room / needed, 0.65, 2.0);
  const auto grown = [factor](int height) { return static_cast<int>(height * factor); };
  return {plain.group, grown(plain.lane), grown(plain.counter), plain.gap};
}

int total_height(const std::vector<Row>& rows) {
  return rows.empty() ? 0 : rows.back().y + rows.back().height;
}

}  // namespace reticle::gui
