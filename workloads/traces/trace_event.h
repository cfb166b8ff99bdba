#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workloads/traces/recording.h"

namespace reticle::traces {

// A time of a Chrome trace: microseconds as decimal text, kept exactly (a double loses digits of
// microseconds since 1970).
struct EventTime {
  std::int64_t us = 0;
  std::int32_t ps = 0;  // 0 .. 999999
};

// What is past the picosecond is cut off. Nothing for text that is no number or is out of range.
std::optional<EventTime> event_time(std::string_view text);

// One element of traceEvents, as far as Reticle knows it. Texts by id in the recording's table.
struct TraceEvent {
  char phase = 0;
  std::string category;
  std::uint32_t name = 0;
  std::string pid;
  std::string tid;
  std::optional<EventTime> start;
  std::optional<EventTime> duration;
  std::string id;  // of flows and of asynchronous slices
  std::uint64_t correlation = 0;
  Details details;
  bool has_details = false;
  std::string text;                                    // args.name or args.labels of metadata
  std::vector<std::pair<std::string, double>> values;  // args of a counter

  void clear();
};

}  // namespace reticle::traces
