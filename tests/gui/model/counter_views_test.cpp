#include "gui/model/counter_views.h"

#include <catch2/catch.hpp>

#include "gui/model/document.h"
#include "tests/gui/model/sample_traces.h"

namespace reticle::gui {
namespace {

Series series_of(const std::vector<std::pair<std::int64_t, double>>& samples, std::int64_t end_ps) {
  Series out;
  for (const auto& [time, value] : samples) {
    out.append(time, value);
  }
  out.build(end_ps);
  return out;
}

TEST_CASE("changes are from each sample to the next, a rate is that a second") {
  const Series of = series_of({{0, 10}, {2'000'000, 40}, {3'000'000, 35}}, 5'000'000);
  const Series change = changes(of, false, 5'000'000);
  REQUIRE(change.size() == 3);
  CHECK(change.value(0) == 30);
  CHECK(change.value(1) == -5);
  CHECK(change.value(2) == 0);
  const Series rate = changes(of, true, 5'000'000);
  CHECK(rate.value(0) == Approx(30 / 2e-6));
  CHECK(rate.value(1) == Approx(-5 / 1e-6));
  // What a rate adds up to is the change.
  CHECK(rate.extent({0, 3'000'000}).mean * 3e-6 == Approx(35 - 10));
}

TEST_CASE("a sum has what holds of every counter at each moment") {
  const Series a = series_of({{0, 1}, {10, 5}}, 30);
  const Series b = series_of({{5, 100}, {20, 0}}, 30);
  const Series all = sum({&a, &b}, 30);
  const std::vector<std::pair<std::int64_t, double>> expected{{0, 1}, {5, 101}, {10, 105}, {20, 5}};
  REQUIRE(all.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(all.time_ps(i) == expected[i].first);
    CHECK(all.value(i) == expected[i].second);
  }
  CHECK(sum({}, 30).size() == 0);
}

TEST_CASE("a counter is summed over tracks with its namesakes only") {
  const test::Folder directory;
  test::write_two_ranks(directory / "ranks.rtrace");
  Document document(directory / "ranks.rtrace");
  document.wait();
  CounterViews views(document.contents());
  const CounterView& own = views.of({1}, CounterMode::kValue);  // power of rank 0
  CHECK(own.greatest == 1000);
  CHECK(own.unit == "W");
  const CounterView& both = views.of({1}, CounterMode::kSum);
  CHECK(both.greatest == 2000);
  CHECK(both.mean == Approx(2000));
  CHECK(both.name == "power (sum)");
  CHECK(views.of({1}, CounterMode::kRate).unit == "W/s");
}

}  // namespace
}  // namespace reticle::gui
