#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "workloads/traces/arrange.h"
#include "workloads/traces/recording.h"
#include "workloads/traces/trace_event.h"

namespace reticle::traces {

// Turns events, in any order, into the columns of a Recording.
class RecordingBuilder {
 public:
  explicit RecordingBuilder(Recording& out) : out_(out) {}

  void add(const TraceEvent& event);

  // Ends what is open, sorts, finds overlaps and depths, ties arrows to slices. The recording must
  // not be touched in between.
  void finish();

 private:
  struct Open {  // begun and not ended
    std::uint32_t track = 0;
    std::string key;  // of asynchronous slices
    RawSlice slice;
  };

  std::uint32_t track(const TraceEvent& event);
  std::uint32_t async_track(const TraceEvent& event);
  std::uint32_t process(const std::string& pid);
  std::uint32_t details(const TraceEvent& event);
  void metadata(const TraceEvent& event);
  void complete(const TraceEvent& event);
  void begin(const TraceEvent& event, std::uint32_t track, const std::string& key);
  void end(const TraceEvent& event, std::uint32_t track, const std::string& key);
  void counter(const TraceEvent& event);
  void flow(const TraceEvent& event);
  RawSlice raw(const TraceEvent& event, std::uint32_t track);
  void close_open();

  Recording& out_;
  RawRecording raw_;
  std::unordered_map<std::string, std::uint32_t> processes_;  // by pid
  std::unordered_map<std::string, std::uint32_t> tracks_;     // by pid and tid
  std::unordered_map<std::string, std::uint32_t> counters_;
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> details_;  // by hash
  std::unordered_map<std::uint32_t, std::vector<Open>> open_;              // by track
  std::vector<EventTime> last_start_;                                      // by track
  std::string pid_;  // of the event before, whose track is the likeliest
  std::string tid_;
  std::uint32_t track_ = kNone;
  std::uint64_t next_number_ = std::uint64_t{1} << 32;  // for what has no number of its own
};

}  // namespace reticle::traces
