#pragma once

#include <cstdint>
#include <vector>

#include "workloads/traces/recording.h"
#include "workloads/traces/trace_event.h"

namespace reticle::traces {

// What was read, before it is in order. Times are on the profiler's clock.
struct RawSlice {
  std::uint32_t track = 0;
  std::uint32_t name = 0;
  EventTime start;
  std::int64_t duration_ps = 0;
  Category category = Category::kOther;
  std::uint64_t correlation = 0;
  std::uint32_t details = 0;
};

struct RawSample {
  std::uint32_t counter = 0;
  EventTime time;
  double value = 0;
};

struct RawFlowEnd {
  std::uint64_t id = 0;
  std::uint32_t track = 0;
  std::uint32_t name = 0;
  EventTime time;
  bool start = false;
};

struct RawRecording {
  std::vector<RawSlice> slices;
  std::vector<RawSample> samples;
  std::vector<RawFlowEnd> flows;
};

// Fills the recording's columns: time 0 is the first slice or sample; what lies years from the rest
// is dropped and counted; slices that overlap without nesting get tracks of their own.
void arrange(RawRecording raw, Recording& out);

}  // namespace reticle::traces
