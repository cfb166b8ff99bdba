#include "gui/view/timeline.h"

#include <algorithm>
#include <cmath>

namespace reticle::gui {

Timeline::Timeline(Document& document)
    : document_(document), painter_(document), range_(with_margin(document.whole())) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setMinimumSize(kLabelWidth + 200, kRulerHeight + 60);
  setAttribute(Qt::WA_OpaquePaintEvent);
  lay_out();
}

void Timeline::show_loaded() {
  flows_ = FlowIndex(document_.data(), document_.lanes());
  painter_.forget();
  changed();
}

void Timeline::lay_out() {
  const RowHeights heights =
      filling_heights(document_.summary(), document_.lanes(), collapsed_, height() - kRulerHeight);
  rows_ = row_layout(document_.summary(), document_.lanes(), collapsed_, heights);
  places_.clear();
  for (const Row& row : rows_) {
    const auto lanes = static_cast<int>(row.lanes.size());
    for (int i = 0; i < lanes; ++i) {
      if (row.kind == RowKind::kTrack) {
        places_[row.lanes[static_cast<std::size_t>(i)]] = {row.y + row.height / lanes * i,
                                                           row.height / lanes};
      }
    }
  }
  scroll_to(scroll_);
  changed();
}

void Timeline::changed() {
  layer_valid_ = false;
  update();
}

void Timeline::set_range(const TimeRange& range) {
  const TimeRange limited =
      panned(zoomed(range, range.from_ps, 1, document_.whole()), 0, document_.whole());
  if (limited != range_) {
    range_ = limited;
    changed();
    if (on_range) {
      on_range();
    }
  }
}

void Timeline::set_theme(const Theme& theme) {
  theme_ = &theme;
  changed();
}

void Timeline::zoom(double factor, std::optional<double> at_x) {
  const double x = std::clamp(at_x.value_or(scale().width / 2), 0.0, scale().width);
  set_range(zoomed(range_, scale().time_ps(x), factor, document_.whole()));
}

void Timeline::pan_pixels(double pixels) {
  set_range(panned(range_, std::llround(pixels * scale().ps_per_pixel()), document_.whole()));
}

void Timeline::scroll_to(int y) {
  const int most = std::max(0, total_height(rows_) - (height() - kRulerHeight));
  const int limited = std::clamp(y, 0, most);
  if (limited != scroll_) {
    scroll_ = limited;
    changed();
  }
}

void Timeline::focus_selection() {
  TimeRange target;
  if (selection_) {
    const Lane& lane = document_.data().lanes[selection_->lane];
    target = {lane.start_ps(selection_->slice), lane.end_ps(selection_->slice)};
  } else if (marked_) {
    target = *marked_;
  } else {
    return;
  }
  if (centred_) {
    const std::int64_t margin = std::max(target.length_ps() / 10, kShortestView_ps / 2);
    set_range({target.from_ps - margin, target.to_ps + margin});
    return;
  }
  const std::int64_t middle = target.from_ps + target.length_ps() / 2;
  const std::int64_t half = range_.length_ps() / 2;
  set_range({middle - half, middle - half + range_.length_ps()});
  centred_ = true;
}

void Timeline::select(const std::optional<SliceKey>& slice) {
  selection_ = slice;
  centred_ = false;
  update();
  if (on_selection) {
    on_selection();
  }
}

// Brings a slice into view, without a change of scale.
void Timeline::reveal(const SliceKey& slice) {
  const Lane& lane = document_.data().lanes[slice.lane];
  const std::int64_t start = lane.start_ps(slice.slice);
  if (lane.end_ps(slice.slice) <= range_.from_ps || start >= range_.to_ps) {
    const std::int64_t from = start - range_.length_ps() / 3;
    set_range({from, from + range_.length_ps()});
  }
  const std::optional<Place> at = place(slice.lane);
  const int room = height() - kRulerHeight;
  if (at && (at->y < scroll_ || at->y + at->height > scroll_ + room)) {
    scroll_to(at->y - room / 3);
  }
}

void Timeline::select_neighbour(int step) {
  if (!selection_) {
    return;
  }
  const std::size_t next = selection_->slice + static_cast<std::size_t>(step);
  if (next < document_.data().lanes[selection_->lane].size()) {  // -1 wraps to beyond it
    select(SliceKey{selection_->lane, next});
    reveal(*selection_);
  }
}

void Timeline::follow_flow(int step) {
  if (!selection_) {
    return;
  }
  const auto links = step > 0 ? flows_.from(*selection_) : flows_.to(*selection_);
  if (!links.empty()) {
    select(step > 0 ? links.front().to : links.front().from);
    reveal(*selection_);
  }
}

void Timeline::mark(const std::optional<TimeRange>& range) {
  marked_ = range;
  centred_ = false;
  update();
  if (on_selection) {
    on_selection();
  }
}

void Timeline::mark_selection() {
  if (selection_) {
    const Lane& lane = document_.data().lanes[selection_->lane];
    mark(TimeRange{lane.start_ps(selection_->slice), lane.end_ps(selection_->slice)});
  }
}

void Timeline::set_search(const Search& search) {
  search_ = search;
  search_at_ = search.hits().size();
  changed();
}

// Or the first of all, if none starts later than the left edge.
std::size_t Timeline::first_hit_in_view() const {
  const auto& hits = search_.hits();
  const auto found = std::lower_bound(
      hits.begin(), hits.end(), range_.from_ps, [this](const SliceKey& hit, std::int64_t time_ps) {
        return document_.data().lanes[hit.lane].start_ps(hit.slice) < time_ps;
      });
  return found == hits.end() ? 0 : static_cast<std::size_t>(found - hits.begin());
}

void Timeline::step_search(int step) {
  const std::size_t count = search_.hits().size();
  if (count == 0) {
    return;
  }
  if (search_at_ == count) {
    search_at_ = first_hit_in_view();
  } else {
    search_at_ = (search_at_ + count + static_cast<std::size_t>(step)) % count;
  }
  select(search_.hits()[search_at_]);
  reveal(*selection_);
}

void Timeline::toggle(trace::TrackId group) {
  if (collapsed_.erase(group.value) == 0) {
    collapsed_.insert(group.value);
  }
  lay_out();
}

void Timeline::set_help(bool shown) {
  help_ = shown;
  update();
}

std::optional<Timeline::Place> Timeline::place(std::size_t lane) const {
  const auto found = places_.find(lane);
  return found == places_.end() ? std::nullopt : std::optional(found->second);
}

const Row* Timeline::row_at(double y) const {
  const int at = static_cast<int>(y) - kRulerHeight + scroll_;
  if (y < kRulerHeight) {
    return nullptr;
  }
  auto after = std::upper_bound(rows_.begin(), rows_.end(), at,
                                [](int value, const Row& row) { return value < row.y; });
  if (after == rows_.begin()) {
    return nullptr;
  }
  --after;
  return at < after->y + after->height ? &*after : nullptr;
}

QRectF Timeline::slice_area(const SliceKey& slice) const {
  const std::optional<Place> at = place(slice.lane);
  const Lane& lane = document_.data().lanes[slice.lane];
  const double from = scale().x(lane.start_ps(slice.slice));
  const double to = scale().x(lane.end_ps(slice.slice));
  if (!at || to < 0 || from > scale().width) {
    return {};
  }
  const double left = std::max(from, 0.0);
  const double right = std::max(left + 1, std::min(to, scale().width));
  return {kLabelWidth + left, static_cast<double>(kRulerHeight + at->y - scroll_ + kLaneBorder),
          right - left, static_cast<double>(at->height - 2 * kLaneBorder)};
}

std::optional<SliceKey> Timeline::slice_at(const QPointF& position) const {
  const Row* row = row_at(position.y());
  if (row == nullptr || row->kind != RowKind::kTrack || position.x() < kLabelWidth) {
    return {};
  }
  const int inside = static_cast<int>(position.y()) - kRulerHeight + scroll_ - row->y;
  const auto depth =
      static_cast<std::size_t>(inside / (row->height / static_cast<int>(row->lanes.size())));
  const std::size_t key = row->lanes[std::min(depth, row->lanes.size() - 1)];
  const Lane& lane = document_.data().lanes[key];
  const double x = position.x() - kLabelWidth;
  // Of the slices under this pixel the longest.
  const TimeRange pixel{scale().time_ps(x - 0.5), scale().time_ps(x + 0.5) + 1};
  std::size_t best = lane.size();
  int looked_at = 0;
  for (std::size_t i = lane.first_after(pixel.from_ps);
       i < lane.size() && lane.start_ps(i) < pixel.to_ps && ++looked_at < 1000; ++i) {
    if (best == lane.size() || lane.duration_ps(i) > lane.duration_ps(best)) {
      best = i;
    }
  }
  return best < lane.size() ? std::optional(SliceKey{key, best}) : std::nullopt;
}

}  // namespace reticle::gui
