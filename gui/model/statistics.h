#pragma once

#include <cstdint>
#include <vector>

#include "gui/model/search.h"

namespace reticle::gui {

// Slices of one name (in one lane, or in all): of each, the part within the range.
struct NameStatistics {
  std::uint32_t name = 0;
  std::size_t lane = 0;  // the lane, or the first of several
  std::uint64_t count = 0;
  std::int64_t total_ps = 0;
  std::int64_t min_ps = 0;
  std::int64_t max_ps = 0;
  // The least duration that at least that share of the slices does not exceed (nearest rank).
  std::int64_t p50_ps = 0;
  std::int64_t p95_ps = 0;
  std::int64_t p99_ps = 0;

  double average_ps() const { return static_cast<double>(total_ps) / static_cast<double>(count); }
};

enum class GroupBy { kName, kNameAndLane };

// Of the slices of `lanes` that reach into `range`; greatest total first.
std::vector<NameStatistics> range_statistics(const TraceData& data,
                                             const std::vector<std::size_t>& lanes,
                                             const TimeRange& range, GroupBy group);
// Of the slices that a query asks for; of all if it is empty.
std::vector<NameStatistics> query_statistics(const Contents& contents, const Query& query,
                                             const TimeRange& range, GroupBy group);

}  // namespace reticle::gui
