#pragma once

#include <functional>
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
  std::vector<Series> series;  // entry i: counter i + 1
  std::vector<trace::Flow> flows;
  std::vector<std::string> warnings;
};

// Told the share that is done, 0 to 1; false stops the load.
using Progress = std::function<bool(double)>;

// Reads every chunk. What was read before `progress` said stop, or before a damaged chunk, is kept.
TraceData load(trace::Reader& reader, const LaneIndex& index, const Progress& progress = {});

// What the file covers; from 0 to at least 1 ps if it is empty.
TimeRange whole_range(const trace::Summary& summary);

// "rank 0/attention stream", from the root down.
std::string track_path(const trace::Summary& summary, trace::TrackId track);

}  // namespace reticle::gui
