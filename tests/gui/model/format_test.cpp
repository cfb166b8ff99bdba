#include "gui/model/format.h"

#include <catch2/catch.hpp>

namespace reticle::gui {
namespace {

TEST_CASE("durations take the unit that suits") {
  CHECK(format_duration(0) == "0 ps");
  CHECK(format_duration(999) == "999 ps");
  CHECK(format_duration(1000) == "1.000 ns");
  CHECK(format_duration(12'345'678) == "12.346 µs");
  CHECK(format_duration(60'828'480'000) == "60.828 ms");
  CHECK(format_duration(3'600'000'000'000'000) == "3600.000 s");
}

TEST_CASE("quantities take an SI prefix, temperatures and shares none") {
  CHECK(format_quantity(1.93289e12, "B/s") == "1.933 TB/s");
  CHECK(format_quantity(671.503, "W") == "671.5 W");
  CHECK(format_quantity(0, "W") == "0 W");
  CHECK(format_quantity(0.25, "W") == "250 mW");
  CHECK(format_quantity(1200, "degC") == "1200 degC");
  CHECK(format_quantity(42, "1") == "42");
}

TEST_CASE("counts have separators") {
  CHECK(format_count(0) == "0");
  CHECK(format_count(999) == "999");
  CHECK(format_count(1000) == "1,000");
  CHECK(format_count(1234567) == "1,234,567");
}

TEST_CASE("ticks are round, in view, and no closer than asked") {
  const Scale scale{{0, 1'000'000}, 1000};  // 1 us over 1000 pixels
  const auto ticks = ruler_ticks(scale, 90);
  REQUIRE(ticks.size() == 10);
  CHECK(ticks[0].time_ps == 0);
  CHECK(ticks[1].time_ps == 100'000);
  CHECK(ticks[1].label == "0.1 µs");
  CHECK(ruler_ticks(scale, 101)[1].time_ps == 200'000);
  CHECK(ruler_ticks({{950'000, 1'050'000}, 1000}, 500)[0].time_ps == 950'000);
}

TEST_CASE("ticks far from 0 differ from each other") {
  const std::int64_t hour_ps = 3'600'000'000'000'000;
  const auto ticks = ruler_ticks({{hour_ps, hour_ps + 1000}, 1000}, 200);
  REQUIRE(ticks.size() == 5);
  CHECK(ticks[0].label == "3600.0000000000 s");
  CHECK(ticks[1].label == "3600.0000000002 s");
}

}  // namespace
}  // namespace reticle::gui
