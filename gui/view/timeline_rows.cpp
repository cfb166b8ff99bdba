#include <algorithm>

#include "gui/view/timeline.h"

namespace reticle::gui {
namespace {

constexpr double kLeastScale = 0.4;
constexpr double kMostScale = 4;
constexpr int kEdge_px = 4;  // of a label, where its height is drawn

}  // namespace

int Timeline::rows_top() const {
  return kRulerHeight + (document_.bound().empty() ? 0 : kStripHeight);
}

int Timeline::scroll_top() const {
  return rows_top() + (pinned_height_ == 0 ? 0 : pinned_height_ + kPinnedBorder);
}

int Timeline::screen_y(const Row& row) const {
  return row.pinned ? rows_top() + row.y : scroll_top() + row.y - scroll_;
}

int Timeline::screen_y(const Place& place) const {
  return place.pinned ? rows_top() + place.y : scroll_top() + place.y - scroll_;
}

void Timeline::lay_out() {
  RowHeights heights =
      filling_heights(document_.contents(), arrangement_, height() - rows_top() - kPinnedBorder);
  heights.lane = std::max(6, static_cast<int>(heights.lane * row_scale_));
  heights.counter = std::max(12, static_cast<int>(heights.counter * row_scale_));
  rows_ = row_layout(document_.contents(), arrangement_, heights);
  pinned_height_ = pinned_height(rows_);
  places_.clear();
  for (const Row& row : rows_) {
    const auto lanes = static_cast<int>(row.lanes.size());
    for (int i = 0; i < lanes && row.kind == RowKind::kTrack; ++i) {
      // A pinned row comes first and is where its lanes are.
      places_.emplace(row.lanes[static_cast<std::size_t>(i)],
                      Place{row.y + row.height / lanes * i, row.height / lanes, row.pinned});
    }
  }
  scroll_to(scroll_);
  changed();
}

std::optional<Timeline::Place> Timeline::place(std::size_t lane) const {
  const auto found = places_.find(lane);
  return found == places_.end() ? std::nullopt : std::optional(found->second);
}

const Row* Timeline::row_at(double y) const {
  if (y < rows_top()) {
    return nullptr;
  }
  const bool pinned = y < scroll_top();
  for (const Row& row : rows_) {
    const int top = screen_y(row);
    if (row.pinned == pinned && y >= top && y < top + row.height) {
      return &row;
    }
  }
  return nullptr;
}

const Row* Timeline::edge_at(const QPointF& position) const {
  const Row* row = position.x() < kLabelWidth ? row_at(position.y()) : nullptr;
  const bool grows = row != nullptr && row->kind != RowKind::kGroup;
  return grows && position.y() >= screen_y(*row) + row->height - kEdge_px ? row : nullptr;
}

std::optional<RowId> Timeline::current_row() const {
  const Row* row = hover_ ? row_at(hover_->y()) : nullptr;
  if (row != nullptr) {
    return id_of(*row);
  }
  if (selection_) {
    return RowId{document_.lanes().track(selection_->lane).value, 0};
  }
  return {};
}

void Timeline::set_arrangement(const Arrangement& arrangement) {
  arrangement_ = arrangement;
  lay_out();
}

void Timeline::toggle(trace::TrackId group) {
  if (arrangement_.collapsed.erase(group.value) == 0) {
    arrangement_.collapsed.insert(group.value);
  }
  lay_out();
}

void Timeline::set_filter(const std::string& filter) {
  arrangement_.filter = filter;
  lay_out();
}

void Timeline::toggle_pin(const RowId& row) {
  auto& pinned = arrangement_.pinned;
  const auto known = std::find(pinned.begin(), pinned.end(), row);
  if (known == pinned.end()) {
    pinned.push_back(row);
  } else {
    pinned.erase(known);
  }
  lay_out();
}

void Timeline::hide_row(const RowId& row) {
  arrangement_.hidden.insert(row);
  lay_out();
}

void Timeline::show_all_rows() {
  arrangement_.hidden.clear();
  arrangement_.filter.clear();
  arrangement_.collapsed.clear();
  lay_out();
}

void Timeline::move_row(int step) {
  const std::optional<RowId> row = current_row();
  if (!row || row->track == 0) {
    return;
  }
  const trace::Summary& summary = document_.summary();
  const auto siblings =
      ordered_children(summary, arrangement_, summary.track({row->track}).parent.value);
  const auto at = std::find(siblings.begin(), siblings.end(), row->track) - siblings.begin();
  const auto last = static_cast<std::ptrdiff_t>(siblings.size());
  const std::ptrdiff_t before = step < 0 ? at - 1 : at + 2;
  if (before >= 0 && before <= last) {
    move_track(summary, arrangement_, row->track,
               before == last ? 0 : siblings[static_cast<std::size_t>(before)]);
    lay_out();
  }
}

// A label that was dragged goes before the sibling it is dropped on.
void Timeline::drop_row(const QPointF& at) {
  const Row* target = row_at(at.y());
  if (drag_row_.track != 0) {
    std::uint32_t before = 0;
    if (target != nullptr) {
      // Of a deeper row the ancestor that is a sibling.
      const trace::Summary& summary = document_.summary();
      const std::uint32_t parent = summary.track({drag_row_.track}).parent.value;
      before = target->track.value;
      while (before != 0 && summary.track({before}).parent.value != parent) {
        before = summary.track({before}).parent.value;
      }
    }
    if (move_track(document_.summary(), arrangement_, drag_row_.track, before)) {
      lay_out();
    }
  }
}

CounterMode Timeline::counter_mode(trace::CounterId counter) const {
  const auto known = arrangement_.modes.find(counter.value);
  return known == arrangement_.modes.end() ? CounterMode::kValue : known->second;
}

void Timeline::set_counter_mode(trace::CounterId counter, CounterMode mode) {
  arrangement_.modes[counter.value] = mode;
  changed();
}

void Timeline::step_counter_mode() {
  const std::optional<RowId> row = current_row();
  if (row && row->counter != 0) {
    const int next = static_cast<int>(counter_mode({row->counter})) + 1;
    set_counter_mode({row->counter}, static_cast<CounterMode>(next % kCounterModes));
  }
}

const CounterView& Timeline::counter_view(trace::CounterId counter) const {
  return counters_.of(counter, counter_mode(counter));
}

void Timeline::scale_rows(double factor) {
  row_scale_ = std::clamp(row_scale_ * factor, kLeastScale, kMostScale);
  lay_out();
}

}  // namespace reticle::gui
