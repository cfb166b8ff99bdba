#pragma once

#include <string>
#include <vector>

#include "gui/model/lane.h"
#include "gui/model/series.h"
#include "sim/trace/reader.h"

namespace reticle::gui {

// A slice by its lane's index in TraceData::lanes and its number there.
struct SliceKey {
  std::size_t lane = 0;
  std::size_t slice = 0;

  bool operator==(const SliceKey& other) const {
    return lane == other.lane && slice == other.slice;
  }
};

// Which lane is which depth of which track: known from the summary.
class LaneIndex {
 public:
  LaneIndex() : first_{0} {}
  explicit LaneIndex(const trace::Summary& summary);

  std::size_t size() const { return track_.size(); }
  std::size_t depths(trace::TrackId track) const;
  std::size_t lane(trace::TrackId track, std::uint32_t depth) const;  // size() if there is none
  trace::TrackId track(std::size_t lane) const { return track_[lane]; }
  std::uint32_t depth(std::size_t lane) const;

 private:
  std::vector<std::size_t> first_;  // by track
  std::vector<trace::TrackId> track_;
};

// The rows of a trace as columns. Nothing that is wrong with a file stops a viewer: what cannot be
// read is left out, and warnings say so.
struct TraceData {
  std::vector<Lane> lanes;
  std::vector<std::vector<trace::ArgColumn>> args;  // as lanes; rows are slices of the lane
  std::vector<Series> series;                       // entry i: counter i + 1
  std::vector<trace::Flow> flows;
  std::vector<std::string> warnings;

  TraceData() = default;
  TraceData(const trace::Summary& summary, const LaneIndex& index);
};

// A trace, or as much of it as has been read.
struct Contents {
  trace::Summary summary;
  LaneIndex index;
  TraceData data;

  const std::string& name(const SliceKey& key) const {
    return summary.strings.at(data.lanes[key.lane].name(key.slice));
  }
  const trace::Track& track(std::size_t lane) const { return summary.track(index.track(lane)); }
};

// What the file covers; from 0 to at least 1 ps if it is empty.
TimeRange whole_range(const trace::Summary& summary);

// "rank 0/attention stream", from the root down.
std::string track_path(const trace::Summary& summary, trace::TrackId track);

// The last slice of the lane that starts at `time_ps` or earlier; size() if none does.
std::size_t last_started(const Lane& lane, std::int64_t time_ps);

}  // namespace reticle::gui
