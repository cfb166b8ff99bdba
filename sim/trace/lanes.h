#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/trace/types.h"

namespace reticle::trace {

// Gives every slice its place, and enforces the order of slices: on a track, a slice lies within
// the innermost open one, and starts no earlier than the slice before it at its depth ends. What
// breaks the order is a mistake of the caller: std::logic_error, and nothing changes.
class Lanes {
 public:
  void add_track(const std::string& name);

  // A whole slice, at the depth of the slices now open on its track.
  SliceRef place(TrackId track, std::int64_t start_ps, std::int64_t duration_ps);

  void open(TrackId track, StringId name, std::int64_t start_ps);
  struct Closed {
    SliceRef slice;
    StringId name;
  };
  Closed close(TrackId track, std::int64_t end_ps);

  void require_all_closed() const;

 private:
  struct Lane {
    std::int64_t end_ps = 0;
    std::uint64_t slices = 0;
  };
  struct Open {
    StringId name;
    std::int64_t start_ps;
  };
  struct Track {
    std::string name;
    std::vector<Lane> lanes;
    std::vector<Open> open;
  };

  Track& at(TrackId track);
  static void check_start(Track& track, std::int64_t start_ps);
  static SliceRef append(Track& track, TrackId id, std::int64_t start_ps, std::int64_t duration_ps);

  std::vector<Track> tracks_;
};

}  // namespace reticle::trace
