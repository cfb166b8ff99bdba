#include "sim/trace/lanes.h"

#include <limits>
#include <stdexcept>

#include "sim/trace/format.h"

namespace reticle::trace {
namespace {

[[noreturn]] void refuse(const std::string& track, const std::string& what) {
  throw std::logic_error("trace: track '" + track + "': " + what);
}

std::string ps(std::int64_t time) { return std::to_string(time) + " ps"; }

}  // namespace

void Lanes::add_track(const std::string& name) { tracks_.push_back({name, {}, {}}); }

Lanes::Track& Lanes::at(TrackId track) {
  if (track.value == 0 || track.value > tracks_.size()) {
    throw std::logic_error("trace: no track " + std::to_string(track.value));
  }
  return tracks_[track.value - 1];
}

void Lanes::check_start(Track& track, std::int64_t start_ps) {
  const std::size_t depth = track.open.size();
  if (start_ps < 0) {
    refuse(track.name, "slice starts before 0: " + ps(start_ps));
  }
  if (depth >= kMaxDepth) {
    refuse(track.name, "more than " + std::to_string(kMaxDepth) + " slices open");
  }
  if (depth > 0 && start_ps < track.open.back().start_ps) {
    refuse(track.name, "slice starts at " + ps(start_ps) + ", before the one around it at " +
                           ps(track.open.back().start_ps));
  }
  if (track.lanes.size() <= depth) {
    track.lanes.resize(depth + 1);
  }
  if (start_ps < track.lanes[depth].end_ps) {
    refuse(track.name, "slice starts at " + ps(start_ps) + ", before the last one ends at " +
                           ps(track.lanes[depth].end_ps));
  }
}

SliceRef Lanes::append(Track& track, TrackId id, std::int64_t start_ps, std::int64_t duration_ps) {
  const std::size_t depth = track.open.size();
  Lane& lane = track.lanes[depth];
  lane.end_ps = start_ps + duration_ps;
  return {id, static_cast<std::uint32_t>(depth), lane.slices++, start_ps, duration_ps};
}

SliceRef Lanes::place(TrackId id, std::int64_t start_ps, std::int64_t duration_ps) {
  Track& track = at(id);
  check_start(track, start_ps);
  if (duration_ps < 0) {
    refuse(track.name, "slice has a negative duration: " + ps(duration_ps));
  }
  if (duration_ps > std::numeric_limits<std::int64_t>::max() - start_ps) {
    refuse(track.name, "slice ends after 2^63 - 1 ps");
  }
  return append(track, id, start_ps, duration_ps);
}

void Lanes::open(TrackId id, StringId name, std::int64_t start_ps) {
  Track& track = at(id);
  check_start(track, start_ps);
  track.open.push_back({name, start_ps});
}

Lanes::Closed Lanes::close(TrackId id, std::int64_t end_ps) {
  Track& track = at(id);
  if (track.open.empty()) {
    refuse(track.name, "end without begin");
  }
  const Open open = track.open.back();
  const std::size_t inner = track.open.size();
  const bool has_inner = inner < track.lanes.size();
  if (end_ps < open.start_ps || (has_inner && end_ps < track.lanes[inner].end_ps)) {
    refuse(track.name, "slice ends at " + ps(end_ps) + ", before its start or a slice within it");
  }
  track.open.pop_back();
  return {append(track, id, open.start_ps, end_ps - open.start_ps), open.name};
}

void Lanes::require_all_closed() const {
  for (const Track& track : tracks_) {
    if (!track.open.empty()) {
      refuse(track.name, "begin without end at " + ps(track.open.back().start_ps));
    }
  }
}

}  // namespace reticle::trace
