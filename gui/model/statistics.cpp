#include "gui/model/statistics.h"

#include <algorithm>
#include <map>
#include <utility>

namespace reticle::gui {
namespace {

std::int64_t percentile(std::vector<std::int64_t>& values, std::size_t percent) {
  const std::size_t rank = (values.size() * percent + 99) / 100;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

NameStatistics summarize(std::uint32_t name, std::size_t lane, std::vector<std::int64_t>& values) {
  NameStatistics result;
  result.name = name;
  result.lane = lane;
  result.count = values.size();
  for (const std::int64_t value : values) {
    result.total_ps += value;
  }
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  result.min_ps = *least;
  result.max_ps = *greatest;
  result.p50_ps = percentile(values, 50);
  result.p95_ps = percentile(values, 95);
  result.p99_ps = percentile(values, 99);
  return result;
}

}  // namespace

std::vector<NameStatistics> range_statistics(const TraceData& data,
                                             const std::vector<std::size_t>& lanes,
                                             const TimeRange& range, GroupBy group) {
  struct Group {
    std::size_t lane = 0;
    std::vector<std::int64_t> values;
  };
  std::map<std::pair<std::uint32_t, std::size_t>, Group> groups;
  for (const std::size_t at : lanes) {
    const Lane& lane = data.lanes[at];
    for (std::size_t i = lane.first_after(range.from_ps);
         i < lane.size() && lane.start_ps(i) < range.to_ps; ++i) {
      const std::size_t part = group == GroupBy::kNameAndLane ? at : 0;
      Group& found = groups.try_emplace({lane.name(i), part}, Group{at, {}}).first->second;
      found.values.push_back(std::min(lane.end_ps(i), range.to_ps) -
                             std::max(lane.start_ps(i), range.from_ps));
    }
  }
  std::vector<NameStatistics> result;
  for (auto& [key, found] : groups) {
    result.push_back(summarize(key.first, found.lane, found.values));
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const auto& a, const auto& b) { return a.total_ps > b.total_ps; });
  return result;
}

}  // namespace reticle::gui
