#include <algorithm>

#include "gui/view/window.h"

namespace reticle::gui {
namespace {

// The slice of `other` that is the partner of `key` in `own`.
std::optional<SliceKey> namesake(const Contents& own, const SliceKey& key, const Contents& other) {
  const std::string& name = own.name(key);
  const std::string path = track_path(own.summary, own.index.track(key.lane));
  const Lane& lane = own.data.lanes[key.lane];
  std::size_t ordinal = 0;  // of the name in its lane
  for (std::size_t i = 0; i < key.slice; ++i) {
    ordinal += lane.name(i) == lane.name(key.slice) ? 1 : 0;
  }
  std::optional<SliceKey> found;
  for (std::size_t at = 0; at < other.data.lanes.size(); ++at) {
    const bool same_path = track_path(other.summary, other.index.track(at)) == path;
    if (found && !same_path) {
      continue;
    }
    std::size_t seen = 0;
    for (std::size_t i = 0; i < other.data.lanes[at].size(); ++i) {
      if (other.name({at, i}) == name && seen++ == ordinal) {
        found = SliceKey{at, i};
        if (same_path) {
          return found;
        }
      }
    }
  }
  return found;
}

std::int64_t start_of(const Contents& contents, const SliceKey& key) {
  return contents.data.lanes[key.lane].start_ps(key.slice);
}

// By lane of one side, how much longer its slices take than their partners.
std::vector<std::vector<SliceDifference>> differences(const Comparison& comparison,
                                                      const Contents& own, const Contents& other,
                                                      bool is_a) {
  std::vector<std::vector<SliceDifference>> out(own.data.lanes.size());
  for (const MatchedSlices& pair : comparison.matches) {
    const SliceKey& here = is_a ? pair.a : pair.b;
    const SliceKey& there = is_a ? pair.b : pair.a;
    out[here.lane].push_back(
        {here.slice, own.data.lanes[here.lane].duration_ps(here.slice) -
                         other.data.lanes[there.lane].duration_ps(there.slice)});
  }
  for (auto& lane : out) {
    std::sort(lane.begin(), lane.end(),
              [](const auto& x, const auto& y) { return x.slice < y.slice; });
  }
  return out;
}

}  // namespace

void Window::link_ranges(std::size_t from) {
  if (panes_.size() < 2 || linking_) {
    return;
  }
  linking_ = true;
  TimeRange range = panes_[from].timeline->range();
  const std::int64_t shift = from == 0 ? offset_ps_ : -offset_ps_;
  range.from_ps += shift;
  range.to_ps += shift;
  panes_[1 - from].timeline->set_linked_range(range);
  drift_->update();
  linking_ = false;
}

void Window::compare() {
  if (panes_.size() < 2 || !panes_[0].document->loaded() || !panes_[1].document->loaded()) {
    return;
  }
  const Contents& a = panes_[0].document->contents();
  const Contents& b = panes_[1].document->contents();
  comparison_ = compare_traces(a, b, compare_by_);
  panels_->comparison()->show(comparison_);
  panes_[0].timeline->set_differences(differences(comparison_, a, b, true));
  panes_[1].timeline->set_differences(differences(comparison_, b, a, false));
  drift_->show(drift(comparison_, a, b, offset_ps_));
  // Both from their beginnings, the longer one across the window.
  const TimeRange whole_a = panes_[0].document->whole();
  const TimeRange whole_b = panes_[1].document->whole();
  offset_ps_ = whole_b.from_ps - whole_a.from_ps;
  const bool a_longer = whole_a.length_ps() >= whole_b.length_ps();
  panes_[a_longer ? 0 : 1].timeline->fit();
  link_ranges(a_longer ? 0 : 1);
}

bool Window::align_on_selection() {
  if (panes_.size() < 2) {
    return false;
  }
  const Contents& a = panes_[0].document->contents();
  const Contents& b = panes_[1].document->contents();
  std::optional<SliceKey> in_a = panes_[0].timeline->selection();
  std::optional<SliceKey> in_b = panes_[1].timeline->selection();
  if (in_a && !in_b) {
    in_b = namesake(a, *in_a, b);
  } else if (in_b && !in_a) {
    in_a = namesake(b, *in_b, a);
  }
  if (!in_a || !in_b) {
    return false;
  }
  offset_ps_ = start_of(b, *in_b) - start_of(a, *in_a);
  panes_[0].timeline->select(in_a);
  panes_[1].timeline->select(in_b);
  drift_->show(drift(comparison_, a, b, offset_ps_));
  link_ranges(0);
  return true;
}

}  // namespace reticle::gui
