#include <QApplication>
#include <catch2/catch.hpp>

#include "tests/gui/view/window_fixture.h"

namespace reticle::gui {
namespace {

using test::OpenWindow;

struct Compared : OpenWindow {
  Compared()
      : OpenWindow({[](const std::filesystem::path& path) { test::write_two_ranks(path); },
                    [](const std::filesystem::path& path) { test::write_two_ranks(path, 2); }}) {}
};

TEST_CASE("two traces zoom and pan together") {
  Compared window;
  window.timeline(0).set_range({500'000, 1'500'000});
  CHECK(window.timeline(1).range() == TimeRange{500'000, 1'500'000});
  window.timeline(1).set_range({0, 2'000'000});
  CHECK(window.timeline(0).range() == TimeRange{0, 2'000'000});
}

TEST_CASE("two traces are aligned on a slice and its namesake") {
  Compared window;
  window.timeline(0).select(SliceKey{0, 1});  // norm of rank 0: 1.5 us in A, 2.5 us in B
  REQUIRE(window->align_on_selection());
  CHECK(window->offset_ps() == 1'000'000);
  REQUIRE(window.timeline(1).selection());
  CHECK(*window.timeline(1).selection() == SliceKey{0, 1});
  window.timeline(0).set_range({1'500'000, 2'000'000});
  CHECK(window.timeline(1).range() == TimeRange{2'500'000, 3'000'000});
  const QRectF a = window.timeline(0).slice_area({0, 1});
  const QRectF b = window.timeline(1).slice_area({0, 1});
  CHECK(a.left() == Approx(b.left()));
  CHECK(window->drift_chart()->drift().front().later_ps == -1'000'000);
}

TEST_CASE("without a slice to align on nothing happens") {
  Compared window;
  CHECK_FALSE(window->align_on_selection());
}

TEST_CASE("a trace alone cannot be aligned") {
  OpenWindow alone(test::write_two_streams);
  alone.timeline().select(SliceKey{0, 0});
  CHECK_FALSE(alone->align_on_selection());
}

TEST_CASE("the table has A and B of every operator, and sorts") {
  Compared window;
  CompareTable& table = window->panels().comparison()->table();
  REQUIRE(table.rowCount() == 3);
  const auto text = [&](int row, int column) {
    return table.index(row, column).data().toString().toStdString();
  };
  CHECK(text(0, CompareTable::kName) == "gemm");
  CHECK(text(0, CompareTable::kTotalA) == "2.500 µs");
  CHECK(text(0, CompareTable::kTotalB) == "5.000 µs");
  CHECK(text(0, CompareTable::kDifference) == "+2.500 µs");
  CHECK(text(0, CompareTable::kRatio) == "+100.0 %");
  table.sort(CompareTable::kName, Qt::AscendingOrder);
  CHECK(text(0, CompareTable::kName) == "dispatch");
}

TEST_CASE("slices that take longer than their partner are marked, shorter ones otherwise") {
  Compared window;
  window->resize(1000, 1600);
  QApplication::processEvents();
  const SliceKey gemm{0, 0};
  const auto under = [&](std::size_t which) {
    const QRectF area = window.timeline(which).slice_area(gemm);
    const QPoint at(static_cast<int>(area.center().x()), static_cast<int>(area.bottom()) - 1);
    return window.timeline(which).grab().toImage().pixelColor(at);
  };
  const QColor longer = difference_color(0.5, light_theme());
  const QColor shorter = difference_color(-1, light_theme());
  CHECK(under(1) == longer);
  CHECK(under(0) == shorter);
  CHECK(longer.red() > longer.blue());
  CHECK(shorter.blue() > shorter.red());
}

}  // namespace
}  // namespace reticle::gui
