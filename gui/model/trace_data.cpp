#include "gui/model/trace_data.h"

#include <algorithm>

namespace reticle::gui {

LaneIndex::LaneIndex(const trace::Summary& summary) {
  for (std::size_t i = 0; i < summary.tracks.size(); ++i) {
    first_.push_back(track_.size());
    const std::size_t depths =
        i < summary.totals.tracks.size() ? summary.totals.tracks[i].depths : 0;
    track_.insert(track_.end(), depths, trace::TrackId{static_cast<std::uint32_t>(i + 1)});
  }
  first_.push_back(track_.size());
}

std::size_t LaneIndex::depths(trace::TrackId track) const {
  return first_[track.value] - first_[track.value - 1];
}

std::size_t LaneIndex::lane(trace::TrackId track, std::uint32_t depth) const {
  return depth < depths(track) ? first_[track.value - 1] + depth : size();
}

std::uint32_t LaneIndex::depth(std::size_t lane) const {
  return static_cast<std::uint32_t>(lane - first_[track_[lane].value - 1]);
}

TraceData::TraceData(const trace::Summary& summary, const LaneIndex& index)
    : lanes(index.size()), args(index.size()), series(summary.counters.size()) {}

TimeRange whole_range(const trace::Summary& summary) {
  const trace::Span& span = summary.totals.span;
  if (span.empty) {
    return {};
  }
  return {span.first_ps, std::max(span.last_ps, span.first_ps + 1)};
}

std::string track_path(const trace::Summary& summary, trace::TrackId track) {
  const trace::Track& it = summary.track(track);
  return it.parent.value == 0 ? it.name : track_path(summary, it.parent) + "/" + it.name;
}

std::size_t last_started(const Lane& lane, std::int64_t time_ps) {
  std::size_t low = 0;
  std::size_t high = lane.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (lane.start_ps(middle) <= time_ps) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low == 0 ? lane.size() : low - 1;
}

}  // namespace reticle::gui
