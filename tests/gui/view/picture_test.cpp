#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "tests/gui/view/window_fixture.h"

namespace reticle::gui {
namespace {

using test::OpenWindow;

constexpr std::size_t kComputeLane = 0;
constexpr std::size_t kCommLane = 2;

// Near the lower edge of a lane, where no label is.
QPoint in_lane(OpenWindow& window, std::size_t lane, double ns, std::size_t slice = 0) {
  const double y = window.timeline().slice_area({lane, slice}).bottom() - 3;
  return QPointF(window.x_of(ns), y).toPoint();
}

TEST_CASE("a slice is drawn from its start to its end in the colour of its name") {
  OpenWindow window(test::write_two_streams);
  const QImage picture = window.picture();
  const QColor gemm = slice_color("gemm");
  CHECK(picture.pixelColor(in_lane(window, kComputeLane, 605)) == gemm);
  CHECK(picture.pixelColor(in_lane(window, kComputeLane, 750)) == gemm);
  CHECK(picture.pixelColor(in_lane(window, kComputeLane, 895)) == gemm);
  CHECK(picture.pixelColor(in_lane(window, kComputeLane, 595)) == light_theme().lane);
  CHECK(picture.pixelColor(in_lane(window, kComputeLane, 905)) == light_theme().lane);
  CHECK(picture.pixelColor(in_lane(window, kCommLane, 450)) == slice_color("dispatch"));
}

TEST_CASE("after a zoom and a pan a slice is where the range says") {
  OpenWindow window(test::write_two_streams);
  window.timeline().set_range({550'000, 650'000});
  const QImage picture = window.picture();
  CHECK(picture.pixelColor(in_lane(window, kComputeLane, 599, 1)) == light_theme().lane);
  CHECK(picture.pixelColor(in_lane(window, kComputeLane, 601, 1)) == slice_color("gemm"));
}

TEST_CASE("a counter's area is as high as its value") {
  OpenWindow window(test::write_two_streams);
  const Row* counter = nullptr;
  for (const Row& row : window.timeline().rows()) {
    counter = row.kind == RowKind::kCounter ? &row : counter;
  }
  REQUIRE(counter != nullptr);
  const QImage picture = window.picture();
  const QColor idle = light_theme().lane;
  const auto at = [&](double ns, double share) {
    const double y = window.timeline().rows_top() + counter->y + counter->height * (1 - share);
    return picture.pixelColor(QPointF(window.x_of(ns), y).toPoint());
  };
  CHECK(at(250, 0.25) != idle);  // 100 W of at most 300 W: a third
  CHECK(at(250, 0.45) == idle);
  CHECK(at(750, 0.85) != idle);  // 300 W
}

TEST_CASE("the dark theme is dark, and slices keep their colours") {
  OpenWindow window(test::write_two_streams);
  window->set_dark(true);
  const QImage picture = window.picture();
  CHECK(picture.pixelColor(in_lane(window, kComputeLane, 950)) == dark_theme().lane);
  CHECK(picture.pixelColor(in_lane(window, kComputeLane, 750)) == slice_color("gemm"));
}

TEST_CASE("what a search does not match fades") {
  OpenWindow window(test::write_two_streams);
  window->find("dispatch");
  window.timeline().select({});
  const QImage picture = window.picture();
  CHECK(picture.pixelColor(in_lane(window, kCommLane, 450)) == slice_color("dispatch"));
  CHECK(picture.pixelColor(in_lane(window, kComputeLane, 750)) != slice_color("gemm"));
}

TEST_CASE("a lane of slices narrower than pixels shows their share, not a solid bar") {
  OpenWindow window([](const auto& path) { test::write_dense(path, 100'000); });
  const QImage picture = window.picture();
  const QColor seen = picture.pixelColor(in_lane(window, 0, 210'100));
  const QColor a = slice_color("a");
  const QColor b = slice_color("b");
  CHECK(seen != light_theme().lane);
  CHECK(seen != a);
  CHECK(seen != b);
  const double share = 0.3 + 0.7 * 0.75;  // 3 ns of every 4 are busy
  const auto near = [&](const QColor& full) {
    const QColor expected = mixed(full, light_theme().lane, share);
    return std::abs(expected.red() - seen.red()) + std::abs(expected.green() - seen.green()) +
               std::abs(expected.blue() - seen.blue()) <
           12;
  };
  CHECK((near(a) || near(b)));
}

TEST_CASE("with twice the pixels a slice is where it was") {
  OpenWindow window(test::write_two_streams);
  QImage picture(window.timeline().size() * 2, QImage::Format_RGB32);
  picture.setDevicePixelRatio(2);
  window.timeline().render(&picture);
  const QPoint at = in_lane(window, kComputeLane, 750) * 2;
  CHECK(picture.pixelColor(at) == slice_color("gemm"));
}

}  // namespace
}  // namespace reticle::gui
