#include "gui/model/lane.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "gui/model/lane_geometry.h"

namespace reticle::gui {
namespace {

// Gaps and durations from 0 to a few thousand ps, some slices much longer.
Lane random_lane(std::mt19937& random, std::size_t count, std::uint32_t names) {
  Lane lane;
  std::int64_t time = 0;
  for (std::size_t i = 0; i < count; ++i) {
    time += static_cast<std::int64_t>(random() % 3 == 0 ? 0 : random() % 2000);
    const auto duration =
        static_cast<std::int64_t>(random() % 20 == 0 ? random() % 200000 : random() % 3000);
    lane.append(time, duration, 1 + static_cast<std::uint32_t>(random() % names));
    time += duration;
  }
  lane.build();
  return lane;
}

std::int64_t busy_by_hand(const Lane& lane, const TimeRange& range) {
  std::int64_t busy = 0;
  for (std::size_t i = 0; i < lane.size(); ++i) {
    busy += std::max<std::int64_t>(
        0, std::min(lane.end_ps(i), range.to_ps) - std::max(lane.start_ps(i), range.from_ps));
  }
  return busy;
}

double drawn_pixels(const LaneGeometry& geometry, double width) {
  double sum = 0;
  for (const Box& box : geometry.boxes) {
    sum += std::min(box.to_x, width) - std::max(box.from_x, 0.0);
  }
  for (const Column& column : geometry.columns) {
    sum += column.busy;
  }
  return sum;
}

TEST_CASE("the pyramid's busy time is that of the slices, for any range") {
  std::mt19937 random(1);
  for (const std::size_t count : {1, 3, 4, 5, 16, 17, 64, 65, 1000}) {
    const Lane lane = random_lane(random, count, 3);
    for (int i = 0; i < 100; ++i) {
      const auto span = static_cast<std::uint64_t>(lane.last_ps() + 1000);
      TimeRange range{static_cast<std::int64_t>(random() % span),
                      static_cast<std::int64_t>(random() % span)};
      if (range.from_ps > range.to_ps) {
        std::swap(range.from_ps, range.to_ps);
      }
      INFO(count << " slices, " << range.from_ps << ".." << range.to_ps);
      CHECK(lane.busy_ps(range) == busy_by_hand(lane, range));
    }
  }
}

TEST_CASE("every level sums the whole lane, four times coarser than the one below") {
  std::mt19937 random(2);
  const Lane lane = random_lane(random, 1000, 3);
  REQUIRE(lane.levels() == 4);  // 250, 63, 16, 4 cells
  const std::int64_t all = busy_by_hand(lane, {0, lane.last_ps()});
  for (std::size_t level = 1; level <= lane.levels(); ++level) {
    std::int64_t sum = 0;
    for (const std::int64_t busy_ps : lane.level(level).busy_ps) {
      sum += busy_ps;
    }
    CHECK(sum == all);
  }
  CHECK(lane.level(1).size() == 250);
  CHECK(lane.level(4).size() == 4);
}

TEST_CASE("a pyramid that grew bit by bit is the one that is built at once") {
  std::mt19937 random(6);
  const Lane whole = random_lane(random, 777, 3);
  Lane grown;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    grown.append(whole.start_ps(i), whole.duration_ps(i), whole.name(i));
    if (random() % 7 == 0 || i + 1 == whole.size()) {
      grown.build();
    }
  }
  REQUIRE(grown.levels() == whole.levels());
  for (std::size_t level = 1; level <= whole.levels(); ++level) {
    CHECK(grown.level(level).start_ps == whole.level(level).start_ps);
    CHECK(grown.level(level).busy_ps == whole.level(level).busy_ps);
    CHECK(grown.level(level).name == whole.level(level).name);
  }
}

TEST_CASE("a name with more than half of a cell's time is the cell's name") {
  std::mt19937 random(3);
  int majorities = 0;
  for (int round = 0; round < 50; ++round) {
    const Lane lane = random_lane(random, 200, 2 + static_cast<std::uint32_t>(round % 4));
    for (std::size_t level = 1; level <= lane.levels(); ++level) {
      const std::size_t step = std::size_t{1} << (2 * level);
      for (std::size_t cell = 0; cell < lane.level(level).size(); ++cell) {
        std::map<std::uint32_t, std::int64_t> time;
        for (std::size_t i = cell * step; i < std::min(lane.size(), (cell + 1) * step); ++i) {
          time[lane.name(i)] += lane.duration_ps(i);
        }
        for (const auto& [name, busy] : time) {
          if (2 * busy > lane.level(level).busy_ps[cell]) {
            ++majorities;
            CHECK(lane.level(level).name[cell] == name);
          }
        }
      }
    }
  }
  CHECK(majorities > 1000);
}

TEST_CASE("a cell of names that are even has one of them") {
  Lane lane;
  for (std::int64_t i = 0; i < 256; ++i) {
    lane.append(i * 10, 5, 1 + static_cast<std::uint32_t>(i % 2));
  }
  lane.build();
  for (std::size_t level = 1; level <= lane.levels(); ++level) {
    for (const std::uint32_t name : lane.level(level).name) {
      CHECK((name == 1 || name == 2));
    }
  }
}

TEST_CASE("a slice is found from its first picosecond to its last") {
  Lane lane;
  lane.append(100, 50, 1);
  lane.append(150, 0, 2);
  lane.append(150, 10, 3);
  lane.append(200, 10, 4);
  lane.build();
  CHECK(lane.at(99) == lane.size());
  CHECK(lane.at(100) == 0);
  CHECK(lane.at(149) == 0);
  CHECK(lane.at(160) == lane.size());
  CHECK(lane.at(209) == 3);
  CHECK(lane.at(210) == lane.size());
  CHECK(lane.first_after(149) == 0);
  CHECK(lane.first_after(150) == 1);
  CHECK(lane.first_after(160) == 3);
  CHECK(lane.first_after(210) == 4);
}

TEST_CASE("what is drawn has the busy time of what is in view") {
  std::mt19937 random(4);
  const Lane lane = random_lane(random, 5000, 4);
  for (int i = 0; i < 60; ++i) {
    const std::int64_t length = std::max<std::int64_t>(1000, lane.last_ps() >> (i % 12));
    const auto from =
        static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(lane.last_ps()));
    const Scale scale{{from, from + length}, 1000};
    const double expected = static_cast<double>(lane.busy_ps(scale.range)) / scale.ps_per_pixel();
    INFO("range " << from << " + " << length);
    // Cells across an edge are a pixel wide at most and spread evenly: two edges, half a pixel
    // each.
    CHECK(drawn_pixels(lane_geometry(lane, scale), scale.width) == Approx(expected).margin(2.0));
  }
}

TEST_CASE("a whole lane in view is drawn with exactly its busy time") {
  std::mt19937 random(5);
  const Lane lane = random_lane(random, 20000, 4);
  const Scale scale{{0, lane.last_ps()}, 640};
  const LaneGeometry geometry = lane_geometry(lane, scale);
  const double expected = static_cast<double>(lane.busy_ps(scale.range)) / scale.ps_per_pixel();
  CHECK(drawn_pixels(geometry, scale.width) == Approx(expected).epsilon(1e-6));  // of floats
  for (const Column& column : geometry.columns) {
    CHECK(column.busy <= 1 + 1e-6);
  }
}

TEST_CASE("slices of a pixel and more are boxes at their place, narrower ones are not") {
  Lane lane;
  lane.append(10, 20, 1);
  lane.append(40, 1, 2);
  lane.build();
  const LaneGeometry wide = lane_geometry(lane, {{0, 100}, 100});
  REQUIRE(wide.boxes.size() == 2);
  CHECK(wide.boxes[0].from_x == Approx(10));
  CHECK(wide.boxes[0].to_x == Approx(30));
  const LaneGeometry narrow = lane_geometry(lane, {{0, 100}, 50});
  REQUIRE(narrow.boxes.size() == 1);
  CHECK(narrow.columns[20].name == 2);
  CHECK(narrow.columns[20].busy == Approx(0.5));
  CHECK(narrow.columns[19].name == 0);
}

}  // namespace
}  // namespace reticle::gui
