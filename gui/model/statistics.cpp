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

// Durations within a range, by name, or by name and lane.
class Groups {
 public:
  Groups(const TimeRange& range, GroupBy group) : range_(range), group_(group) {}

  template <class Test>
  void add(const Lane& lane, std::size_t at, const Test& counts) {
    for (std::size_t i = lane.first_after(range_.from_ps);
         i < lane.size() && lane.start_ps(i) < range_.to_ps; ++i) {
      if (counts(i)) {
        const std::size_t part = group_ == GroupBy::kNameAndLane ? at : 0;
        Group& found = groups_.try_emplace({lane.name(i), part}, Group{at, {}}).first->second;
        found.values.push_back(std::min(lane.end_ps(i), range_.to_ps) -
                               std::max(lane.start_ps(i), range_.from_ps));
      }
    }
  }

  std::vector<NameStatistics> result() {
    std::vector<NameStatistics> out;
    for (auto& [key, found] : groups_) {
      out.push_back(summarize(key.first, found.lane, found.values));
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.total_ps > b.total_ps; });
    return out;
  }

 private:
  struct Group {
    std::size_t lane = 0;
    std::vector<std::int64_t> values;
  };

  TimeRange range_;
  GroupBy group_;
  std::map<std::pair<std::uint32_t, std::size_t>, Group> groups_;
};

}  // namespace

std::vector<NameStatistics> range_statistics(const TraceData& data,
                                             const std::vector<std::size_t>& lanes,
                                             const TimeRange& range, GroupBy group) {
  Groups groups(range, group);
  for (const std::size_t at : lanes) {
    groups.add(data.lanes[at], at, [](std::size_t) { return true; });
  }
  return groups.result();
}

std::vector<NameStatistics> query_statistics(const Contents& contents, const Query& query,
                                             const TimeRange& range, GroupBy group) {
  Groups groups(range, group);
  const std::vector<bool> named = matching_names(contents, query);
  for (std::size_t at = 0; at < contents.data.lanes.size(); ++at) {
    const LaneTest test(contents, at, query, named);
    if (test.any()) {
      groups.add(contents.data.lanes[at], at, test);
    }
  }
  return groups.result();
}

}  // namespace reticle::gui
