#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace reticle::study {

struct TraceTrackInfo {
  std::string path;  // system/rank 3/stream 0
  std::string kind;
  std::uint64_t number = 0;
  std::uint64_t slices = 0;   // of all depths
  std::uint64_t busy_ps = 0;  // outermost slices
  double share = 0;           // busy time over the span of the trace
};

// Slices of one name at all depths, each with what lies within it.
struct TraceNameInfo {
  std::string name;
  std::uint64_t count = 0;
  std::uint64_t total_ps = 0;
  double mean_ps = 0;
  double median_ps = 0;     // mean of the two middle ones if their number is even
  std::int64_t p95_ps = 0;  // nearest rank: the least that 95 % do not exceed
};

struct TraceCounterInfo {
  std::string track;
  std::string name;
  std::string unit;
  std::uint64_t samples = 0;
  double min = 0;
  double mean = 0;  // over time, from the first sample to the end of the trace
  double max = 0;
};

struct TraceInfo {
  std::string file;
  std::string notice;  // what was lost with the index; empty for a whole file
  std::string producer;
  std::vector<std::pair<std::string, std::string>> properties;
  std::int64_t first_ps = 0;
  std::int64_t last_ps = 0;
  std::uint64_t ranks = 0;
  std::uint64_t slices = 0;
  std::uint64_t samples = 0;
  std::uint64_t flows = 0;
  std::vector<TraceTrackInfo> tracks;      // in order of definition, those without slices too
  std::vector<TraceNameInfo> names;        // longest total first, then by name
  std::vector<TraceCounterInfo> counters;  // in order of definition
};

// `trace info FILE`: reads the whole file once; 8 bytes of memory a slice. Errors as open_trace.
TraceInfo trace_info(const std::filesystem::path& path);

// Times in microseconds, numbers to 9 significant digits; `notice` is null for a whole file.
nlohmann::ordered_json to_json(const TraceInfo& info);

// Tables for a terminal: the busiest tracks and the longest names, with the number left out.
std::string to_text(const TraceInfo& info);

}  // namespace reticle::study
