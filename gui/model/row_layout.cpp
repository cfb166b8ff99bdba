#include "gui/model/row_layout.h"

#include <algorithm>

#include "gui/model/query.h"

namespace reticle::gui {
namespace {

constexpr double kLeastGrowth = 0.65;
constexpr double kMostGrowth = 2.0;
constexpr std::size_t kFewCounters = 3;
constexpr std::size_t kFewGroups = 4;

bool on_host(const trace::Summary& summary, std::uint32_t track) {
  return summary.track({track}).kind == rtrace::TRACK_KIND_HOST;
}

class Layout {
 public:
  Layout(const Contents& contents, const Arrangement& arrangement, const RowHeights& heights)
      : summary_(contents.summary),
        index_(contents.index),
        arrangement_(arrangement),
        heights_(heights),
        children_(summary_.tracks.size() + 1),
        counters_(summary_.tracks.size() + 1),
        shown_(summary_.tracks.size() + 1, true) {
    for (std::uint32_t i = 0; i < summary_.tracks.size(); ++i) {
      children_[summary_.tracks[i].parent.value].push_back(i + 1);
    }
    children_[0] = ordered_children(summary_, arrangement, 0);
    for (const auto& [parent, order] : arrangement.order) {
      children_[parent] = ordered_children(summary_, arrangement, parent);
    }
    for (std::uint32_t i = 0; i < summary_.counters.size(); ++i) {
      counters_[summary_.counters[i].track.value].push_back({i + 1});
    }
    filter();
  }

  std::vector<Row> build() {
    for (const RowId& id : arrangement_.pinned) {
      pin(id);
    }
    y_ = 0;
    pinned_ = false;
    for (const trace::CounterId counter : counters_[0]) {
      add_counter({}, counter, 0);
    }
    for (const std::uint32_t track : children_[0]) {
      add({track}, 0);
    }
    return std::move(rows_);
  }

 private:
  bool hidden(const RowId& id) const { return arrangement_.hidden.count(id) > 0; }

  // A track is shown if its own path has the text, or something below it does.
  void filter() {
    if (arrangement_.filter.empty()) {
      return;
    }
    for (auto i = static_cast<std::uint32_t>(summary_.tracks.size()); i > 0; --i) {
      shown_[i] = contains(track_path(summary_, {i}), arrangement_.filter) ||
                  std::any_of(counters_[i].begin(), counters_[i].end(),
                              [this](trace::CounterId c) { return matches(c); }) ||
                  std::any_of(children_[i].begin(), children_[i].end(),
                              [this](std::uint32_t child) { return shown_[child]; });
    }
  }

  bool matches(trace::CounterId counter) const {
    return contains(summary_.counter(counter).name, arrangement_.filter);
  }

  bool is_group(trace::TrackId track) const {
    return !children_[track.value].empty() || !counters_[track.value].empty();
  }

  void pin(const RowId& id) {
    pinned_ = true;
    if (id.counter != 0) {
      add_counter(summary_.counter({id.counter}).track, {id.counter}, 0);
    } else if (index_.depths({id.track}) > 0) {
      add_slices({id.track}, 0);
    }
  }

  void add(trace::TrackId track, int indent) {
    if (hidden({track.value, 0}) || !shown_[track.value]) {
      return;
    }
    if (is_group(track)) {
      const bool expanded = arrangement_.collapsed.count(track.value) == 0;
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
      add_slices(track, indent);
    }
    for (const trace::CounterId counter : counters_[track.value]) {
      if (matches(counter) || contains(track_path(summary_, track), arrangement_.filter)) {
        add_counter(track, counter, indent);
      }
    }
    for (const std::uint32_t child : children_[track.value]) {
      add({child}, indent);
    }
  }

  void add_slices(trace::TrackId track, int indent) {
    Row row = row_of(RowKind::kTrack, track, indent, 0);
    for (std::uint32_t depth = 0; depth < index_.depths(track); ++depth) {
      row.lanes.push_back(index_.lane(track, depth));
    }
    row.height = heights_.lane * static_cast<int>(row.lanes.size());
    push(std::move(row));
  }

  void add_counter(trace::TrackId track, trace::CounterId counter, int indent) {
    if (!hidden({0, counter.value})) {
      const auto& totals = summary_.totals.counters;
      const std::size_t at = counter.value - 1;
      const bool constant = at < totals.size() && totals[at].min == totals[at].max;
      Row row =
          row_of(RowKind::kCounter, track, indent, constant ? heights_.lane : heights_.counter);
      row.counter = counter;
      push(std::move(row));
    }
  }

  void collect(trace::TrackId track, std::vector<std::size_t>& lanes) const {
    if (index_.depths(track) > 0) {
      lanes.push_back(index_.lane(track, 0));
    }
    for (const std::uint32_t child : children_[track.value]) {
      collect({child}, lanes);
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
    row.pinned = pinned_;
    y_ += row.height + heights_.gap;
    rows_.push_back(std::move(row));
  }

  const trace::Summary& summary_;
  const LaneIndex& index_;
  const Arrangement& arrangement_;
  RowHeights heights_;
  std::vector<std::vector<std::uint32_t>> children_;  // by track; 0: the roots
  std::vector<std::vector<trace::CounterId>> counters_;
  std::vector<bool> shown_;  // by track
  std::vector<Row> rows_;
  int y_ = 0;
  bool pinned_ = false;
};

int height_of(const std::vector<Row>& rows, bool pinned) {
  int height = 0;
  for (const Row& row : rows) {
    if (row.pinned == pinned) {
      height = row.y + row.height;
    }
  }
  return height;
}

}  // namespace

RowId id_of(const Row& row) {
  return row.kind == RowKind::kCounter ? RowId{0, row.counter.value} : RowId{row.track.value, 0};
}

std::vector<Row> row_layout(const Contents& contents, const Arrangement& arrangement,
                            const RowHeights& heights) {
  return Layout(contents, arrangement, heights).build();
}

RowHeights filling_heights(const Contents& contents, const Arrangement& arrangement, int room) {
  const RowHeights plain;
  const std::vector<Row> rows = row_layout(contents, arrangement, plain);
  const int needed = total_height(rows) + pinned_height(rows);
  const double factor =
      needed == 0 ? 1 : std::clamp(1.0 * room / needed, kLeastGrowth, kMostGrowth);
  const auto grown = [factor](int height) { return static_cast<int>(height * factor); };
  return {plain.group, grown(plain.lane), grown(plain.counter), plain.gap};
}

int total_height(const std::vector<Row>& rows) { return height_of(rows, false); }

int pinned_height(const std::vector<Row>& rows) { return height_of(rows, true); }

std::set<std::uint32_t> counter_groups(const Contents& contents) {
  const trace::Summary& summary = contents.summary;
  std::vector<std::size_t> counters(summary.tracks.size() + 1);
  std::vector<bool> others(summary.tracks.size() + 1);
  for (const trace::Counter& counter : summary.counters) {
    ++counters[counter.track.value];
  }
  for (std::uint32_t i = 1; i <= summary.tracks.size(); ++i) {
    others[summary.tracks[i - 1].parent.value] = true;
    others[i] = others[i] || contents.index.depths({i}) > 0;
  }
  std::set<std::uint32_t> many;
  std::set<std::uint32_t> all;
  for (std::uint32_t i = 1; i <= summary.tracks.size(); ++i) {
    if (!others[i] && counters[i] > 0) {
      all.insert(i);
      if (counters[i] > kFewCounters) {
        many.insert(i);
      }
    }
  }
  return all.size() > kFewGroups ? all : many;
}

std::vector<std::uint32_t> ordered_children(const trace::Summary& summary,
                                            const Arrangement& arrangement, std::uint32_t parent) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 0; i < summary.tracks.size(); ++i) {
    if (summary.tracks[i].parent.value == parent) {
      out.push_back(i + 1);
    }
  }
  std::stable_sort(out.begin(), out.end(), [&](std::uint32_t a, std::uint32_t b) {
    return on_host(summary, a) < on_host(summary, b);
  });
  const auto own = arrangement.order.find(parent);
  if (own != arrangement.order.end()) {
    const auto place = [&](std::uint32_t track) {
      return std::find(own->second.begin(), own->second.end(), track) - own->second.begin();
    };
    std::stable_sort(out.begin(), out.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return place(a) < place(b); });
  }
  return out;
}

bool move_track(const trace::Summary& summary, Arrangement& arrangement, std::uint32_t track,
                std::uint32_t before) {
  const std::uint32_t parent = summary.track({track}).parent.value;
  if (before == track || (before != 0 && summary.track({before}).parent.value != parent)) {
    return false;
  }
  std::vector<std::uint32_t> order = ordered_children(summary, arrangement, parent);
  order.erase(std::find(order.begin(), order.end(), track));
  order.insert(before == 0 ? order.end() : std::find(order.begin(), order.end(), before), track);
  arrangement.order[parent] = order;
  return true;
}

}  // namespace reticle::gui
