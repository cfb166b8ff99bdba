#include <algorithm>

#include "gui/view/timeline.h"

namespace reticle::gui {

void Timeline::select(const std::optional<SliceKey>& slice) {
  selection_ = slice;
  flow_choice_ = 0;
  centred_ = false;
  update();
  if (on_selection) {
    on_selection();
  }
}

void Timeline::reveal(const SliceKey& slice) {
  const Lane& lane = document_.data().lanes[slice.lane];
  const std::int64_t start = lane.start_ps(slice.slice);
  if (lane.end_ps(slice.slice) <= range_.from_ps || start >= range_.to_ps) {
    remember();
    const std::int64_t from = start - range_.length_ps() / 3;
    set_range({from, from + range_.length_ps()});
  }
  const std::optional<Place> at = place(slice.lane);
  const int room = height() - scroll_top();
  if (at && !at->pinned && (at->y < scroll_ || at->y + at->height > scroll_ + room)) {
    scroll_to(at->y - room / 3);
  }
}

std::size_t Timeline::first_slice_in_view(std::size_t lane) const {
  const Lane& slices = document_.data().lanes[lane];
  const std::size_t first = slices.first_after(range_.from_ps);
  return first < slices.size() && slices.start_ps(first) < range_.to_ps ? first : slices.size();
}

// Without a selection the first slice in view, so that no mouse is needed.
void Timeline::select_neighbour(int step) {
  if (!selection_) {
    for (const Row& row : rows_) {
      if (row.kind == RowKind::kTrack) {
        const std::size_t first = first_slice_in_view(row.lanes[0]);
        if (first < document_.data().lanes[row.lanes[0]].size()) {
          return select(SliceKey{row.lanes[0], first});
        }
      }
    }
    return;
  }
  const std::size_t next = selection_->slice + static_cast<std::size_t>(step);
  if (next < document_.data().lanes[selection_->lane].size()) {  // -1 wraps to beyond it
    select(SliceKey{selection_->lane, next});
    reveal(*selection_);
  }
}

void Timeline::select_lane(int step) {
  if (!selection_) {
    return select_neighbour(step);
  }
  std::vector<std::size_t> lanes;  // as shown
  for (const Row& row : rows_) {
    if (row.kind == RowKind::kTrack && !row.pinned) {
      lanes.insert(lanes.end(), row.lanes.begin(), row.lanes.end());
    }
  }
  const Lane& own = document_.data().lanes[selection_->lane];
  const std::int64_t now = own.start_ps(selection_->slice);
  auto at = static_cast<std::size_t>(std::find(lanes.begin(), lanes.end(), selection_->lane) -
                                     lanes.begin());
  for (at += static_cast<std::size_t>(step); at < lanes.size();
       at += static_cast<std::size_t>(step)) {
    const Lane& lane = document_.data().lanes[lanes[at]];
    if (lane.size() > 0) {
      select(SliceKey{lanes[at], std::min(lane.first_after(now), lane.size() - 1)});
      return reveal(*selection_);
    }
  }
}

void Timeline::follow_flow(int step) {
  if (!selection_) {
    return;
  }
  const FlowIndex& flows = document_.flows();
  const auto links = step > 0 ? flows.from(*selection_) : flows.to(*selection_);
  if (!links.empty()) {
    const FlowIndex::Link& link = links[flow_choice_ % links.size()];
    select(step > 0 ? link.to : link.from);
    reveal(*selection_);
  }
}

void Timeline::choose_flow(int step) {
  if (selection_) {
    const FlowIndex& flows = document_.flows();
    const std::size_t most = std::max(flows.from(*selection_).size(), flows.to(*selection_).size());
    flow_choice_ = most == 0 ? 0 : (flow_choice_ + most + static_cast<std::size_t>(step)) % most;
    update();
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

void Timeline::set_marks(const Marks& marks) {
  marks_ = marks;
  update();
}

// At the cursor, else at the start of the selected slice, else in the middle. A mark that is not
// kept is the only one of its kind.
void Timeline::add_mark(bool kept) {
  std::int64_t time = range_.from_ps + range_.length_ps() / 2;
  if (hover_ && hover_->x() >= kLabelWidth) {
    time = scale().time_ps(hover_->x() - kLabelWidth);
  } else if (selection_) {
    time = document_.data().lanes[selection_->lane].start_ps(selection_->slice);
  }
  if (!kept) {
    marks_.erase(
        std::remove_if(marks_.begin(), marks_.end(), [](const Mark& mark) { return !mark.kept; }),
        marks_.end());
  }
  marks_.push_back({time, "", kept});
  update();
  if (on_marks) {
    on_marks();
  }
}

void Timeline::set_search(const Search& search) {
  search_ = search;
  search_at_ = search.hits().size();
  painter_.forget();
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

void Timeline::set_hover(std::optional<QPointF> hover) {
  hover_ = hover;
  update();
}

}  // namespace reticle::gui
