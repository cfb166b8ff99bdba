#include "gui/model/time_range.h"

#include <catch2/catch.hpp>

namespace reticle::gui {
namespace {

constexpr TimeRange kWhole{0, 1'000'000};

TEST_CASE("zooming keeps the instant under the cursor in its place") {
  const TimeRange view{200'000, 600'000};
  const TimeRange closer = zoomed(view, 300'000, 0.5, kWhole);
  CHECK(closer == TimeRange{250'000, 450'000});
  CHECK(zoomed(closer, 300'000, 2, kWhole) == view);
}

TEST_CASE("no zoom goes below the shortest view or beyond the margin") {
  CHECK(zoomed({500, 700}, 600, 1e-6, kWhole).length_ps() == kShortestView_ps);
  CHECK(zoomed({500, 700}, 600, 1e9, kWhole) == with_margin(kWhole));
}

TEST_CASE("a pan stops at the margin and keeps its length") {
  const TimeRange view{100'000, 300'000};
  CHECK(panned(view, 50'000, kWhole) == TimeRange{150'000, 350'000});
  CHECK(panned(view, -10'000'000, kWhole) == TimeRange{-10'000, 190'000});
  CHECK(panned(view, 10'000'000, kWhole) == TimeRange{810'000, 1'010'000});
}

TEST_CASE("an hour in picoseconds keeps its last nanosecond") {
  const std::int64_t hour_ps = 3'600'000'000'000'000;
  const TimeRange view = zoomed({0, hour_ps}, hour_ps, 1e-15, {0, hour_ps});
  CHECK(view.length_ps() == kShortestView_ps);
  CHECK(view.to_ps == hour_ps);
}

TEST_CASE("pixels and times are each other's inverse") {
  const Scale scale{{1000, 3000}, 500};
  CHECK(scale.x(1000) == 0);
  CHECK(scale.x(3000) == 500);
  CHECK(scale.time_ps(250) == 2000);
}

}  // namespace
}  // namespace reticle::gui
