#include "gui/model/series.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

namespace reticle::gui {
namespace {

TEST_CASE("least, greatest and mean over any range are those of the samples") {
  std::mt19937 random(1);
  for (const std::size_t count : {1, 2, 4, 5, 17, 300}) {
    Series series;
    std::int64_t time = 50;
    for (std::size_t i = 0; i < count; ++i) {
      series.append(time, static_cast<double>(random() % 1000));
      time += 1 + static_cast<std::int64_t>(random() % 100);
    }
    series.build(time);
    for (int i = 0; i < 100; ++i) {
      const auto from = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(time));
      const TimeRange range{from, from + 1 + static_cast<std::int64_t>(random() % 500)};
      double least = 1e9;
      double greatest = -1;
      double integral = 0;
      std::int64_t covered = 0;
      for (std::size_t s = 0; s < count; ++s) {
        const std::int64_t part =
            std::min(range.to_ps, series.until_ps(s)) - std::max(range.from_ps, series.time_ps(s));
        if (part > 0) {
          least = std::min(least, series.value(s));
          greatest = std::max(greatest, series.value(s));
          integral += series.value(s) * static_cast<double>(part);
          covered += part;
        }
      }
      const Extent extent = series.extent(range);
      INFO(count << " samples, " << range.from_ps << ".." << range.to_ps);
      REQUIRE(extent.empty == (covered == 0));
      if (covered > 0) {
        CHECK(extent.min == least);
        CHECK(extent.max == greatest);
        CHECK(extent.mean == Approx(integral / static_cast<double>(covered)));
      }
    }
  }
}

TEST_CASE("a value holds from its time until the next sample") {
  Series series;
  series.append(10, 1);
  series.append(20, 2);
  series.build(30);
  CHECK(series.at(9) == series.size());
  CHECK(series.at(10) == 0);
  CHECK(series.at(19) == 0);
  CHECK(series.at(20) == 1);
  CHECK(series.at(29) == 1);
  CHECK(series.at(30) == series.size());
  CHECK(series.extent({0, 10}).empty);
}

}  // namespace
}  // namespace reticle::gui
