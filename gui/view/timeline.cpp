#include "gui/view/timeline.h"

#include <algorithm>
#include <cmath>

namespace reticle::gui {
namespace {

constexpr std::size_t kLongestHistory = 100;
constexpr qint64 kOneMove_ms = 700;  // steps that follow each other faster are one move
constexpr int kMostUnderPixel = 1000;

}  // namespace

Timeline::Timeline(Document& document)
    : document_(document),
      painter_(document),
      counters_(document.contents()),
      range_(with_margin(document.whole())) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setMinimumSize(kLabelWidth + 200, kRulerHeight + 60);
  setAttribute(Qt::WA_OpaquePaintEvent);
  lay_out();
}

void Timeline::rows_changed() {
  painter_.forget();
  counters_.forget();
  if (fitted_) {
    range_ = with_margin(document_.whole());
  }
  if (document_.loaded()) {
    lay_out();
  }
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
    fitted_ = false;
    changed();
    if (on_range) {
      on_range();
    }
  }
}

void Timeline::set_linked_range(const TimeRange& range) {
  range_ = range;
  fitted_ = false;
  changed();
}

void Timeline::fit() {
  remember();
  set_range(with_margin(document_.whole()));
  fitted_ = true;
}

void Timeline::set_theme(const Theme& theme) {
  theme_ = &theme;
  painter_.forget();
  changed();
}

void Timeline::zoom(double factor, std::optional<double> at_x) {
  remember();
  const double x = std::clamp(at_x.value_or(scale().width / 2), 0.0, scale().width);
  set_range(zoomed(range_, scale().time_ps(x), factor, document_.whole()));
}

void Timeline::pan_pixels(double pixels) {
  remember();
  set_range(panned(range_, std::llround(pixels * scale().ps_per_pixel()), document_.whole()));
}

void Timeline::remember() {
  if (!remembered_.isValid() || remembered_.elapsed() > kOneMove_ms) {
    if (past_.empty() || past_.back() != range_) {
      past_.push_back(range_);
    }
    if (past_.size() > kLongestHistory) {
      past_.erase(past_.begin());
    }
    future_.clear();
  }
  remembered_.start();
}

void Timeline::back() {
  if (!past_.empty()) {
    future_.push_back(range_);
    const TimeRange before = past_.back();
    past_.pop_back();
    set_range(before);
    remembered_.invalidate();
  }
}

void Timeline::forward() {
  if (!future_.empty()) {
    past_.push_back(range_);
    const TimeRange after = future_.back();
    future_.pop_back();
    set_range(after);
    remembered_.invalidate();
  }
}

void Timeline::scroll_to(int y) {
  const int most = std::max(0, total_height(rows_) - (height() - scroll_top()));
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
  remembered_.invalidate();
  remember();
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
  return {kLabelWidth + left, static_cast<double>(screen_y(*at) + kLaneBorder), right - left,
          static_cast<double>(at->height - 2 * kLaneBorder)};
}

std::optional<SliceKey> Timeline::slice_at(const QPointF& position) const {
  const Row* row = row_at(position.y());
  if (row == nullptr || row->kind != RowKind::kTrack || position.x() < kLabelWidth) {
    return {};
  }
  const int inside = static_cast<int>(position.y()) - screen_y(*row);
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
       i < lane.size() && lane.start_ps(i) < pixel.to_ps && ++looked_at < kMostUnderPixel; ++i) {
    if (best == lane.size() || lane.duration_ps(i) > lane.duration_ps(best)) {
      best = i;
    }
  }
  return best < lane.size() ? std::optional(SliceKey{key, best}) : std::nullopt;
}

}  // namespace reticle::gui
