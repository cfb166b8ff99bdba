#include "gui/model/statistics.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>

namespace reticle::gui {
namespace {

TraceData random_data(std::size_t lanes, std::size_t slices) {
  std::mt19937 random(7);
  TraceData data;
  for (std::size_t at = 0; at < lanes; ++at) {
    Lane lane;
    std::int64_t time = 0;
    for (std::size_t i = 0; i < slices; ++i) {
      time += static_cast<std::int64_t>(random() % 50);
      const auto duration = 1 + static_cast<std::int64_t>(random() % 100);
      lane.append(time, duration, 1 + static_cast<std::uint32_t>(random() % 5));
      time += duration;
    }
    lane.build();
    data.lanes.push_back(std::move(lane));
  }
  return data;
}

// The nearest-rank definition, said the other way round: count how many are not greater.
std::int64_t percentile_by_hand(const std::vector<std::int64_t>& sorted, double share) {
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (static_cast<double>(i + 1) >= share * static_cast<double>(sorted.size()) - 1e-9) {
      return sorted[i];
    }
  }
  return sorted.back();
}

TEST_CASE("statistics of a range by name are those of the slices taken one by one") {
  const TraceData data = random_data(3, 400);
  const TimeRange range{1234, 23456};
  std::map<std::uint32_t, std::vector<std::int64_t>> parts;
  for (const std::size_t at : {0, 2}) {
    for (std::size_t i = 0; i < data.lanes[at].size(); ++i) {
      const std::int64_t part = std::min(data.lanes[at].end_ps(i), range.to_ps) -
                                std::max(data.lanes[at].start_ps(i), range.from_ps);
      if (part > 0) {
        parts[data.lanes[at].name(i)].push_back(part);
      }
    }
  }
  const auto found = range_statistics(data, {0, 2}, range, GroupBy::kName);
  REQUIRE(found.size() == parts.size());
  for (const NameStatistics& row : found) {
    std::vector<std::int64_t>& values = parts.at(row.name);
    std::sort(values.begin(), values.end());
    std::int64_t total = 0;
    for (const std::int64_t value : values) {
      total += value;
    }
    CHECK(row.count == values.size());
    CHECK(row.total_ps == total);
    CHECK(row.min_ps == values.front());
    CHECK(row.max_ps == values.back());
    CHECK(row.p50_ps == percentile_by_hand(values, 0.50));
    CHECK(row.p95_ps == percentile_by_hand(values, 0.95));
    CHECK(row.p99_ps == percentile_by_hand(values, 0.99));
  }
  for (std::size_t i = 1; i < found.size(); ++i) {
    CHECK(found[i - 1].total_ps >= found[i].total_ps);
  }
}

TEST_CASE("by name and lane, the rows of a name add up to its row by name") {
  const TraceData data = random_data(3, 100);
  const TimeRange range{0, 100000};
  std::map<std::uint32_t, std::int64_t> total;
  for (const auto& row : range_statistics(data, {0, 1, 2}, range, GroupBy::kNameAndLane)) {
    total[row.name] += row.total_ps;
  }
  for (const auto& row : range_statistics(data, {0, 1, 2}, range, GroupBy::kName)) {
    CHECK(row.total_ps == total[row.name]);
  }
}

TEST_CASE("percentiles of the durations 1 to 100 are 50, 95 and 99") {
  Lane lane;
  for (std::int64_t i = 100; i > 0; --i) {
    lane.append((100 - i) * 1000, i, 1);
  }
  lane.build();
  TraceData data;
  data.lanes.push_back(std::move(lane));
  const auto found = range_statistics(data, {0}, {0, 200000}, GroupBy::kName);
  REQUIRE(found.size() == 1);
  CHECK(found[0].p50_ps == 50);
  CHECK(found[0].p95_ps == 95);
  CHECK(found[0].p99_ps == 99);
  CHECK(found[0].average_ps() == Approx(50.5));
}

}  // namespace
}  // namespace reticle::gui
