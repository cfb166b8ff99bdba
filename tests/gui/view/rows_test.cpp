#include <QLineEdit>
#include <catch2/catch.hpp>

#include "sim/trace/recorder.h"
#include "tests/gui/view/window_fixture.h"

namespace reticle::gui {
namespace {

using test::OpenWindow;

const SliceKey kDispatch{2, 0};

// The row of a track as it scrolls, or pinned.
const Row* row_of(OpenWindow& window, std::uint32_t track, bool pinned) {
  for (const Row& row : window.timeline().rows()) {
    if (row.kind != RowKind::kCounter && row.track.value == track && row.pinned == pinned) {
      return &row;
    }
  }
  return nullptr;
}

TEST_CASE("P pins the track of the selection to the top, where its slices and flows are drawn") {
  OpenWindow window(test::write_two_streams);
  window.timeline().select(kDispatch);
  const double before = window.timeline().slice_area(kDispatch).top();
  window.key(Qt::Key_P);
  REQUIRE(row_of(window, 3, true) != nullptr);
  const double pinned = window.timeline().slice_area(kDispatch).top();
  CHECK(pinned < before);
  CHECK(pinned == window.timeline().rows_top() + kLaneBorder);
  const QImage picture = window.picture();
  const QPoint inside =
      QPointF(window.x_of(450), window.timeline().slice_area(kDispatch).bottom() - 3).toPoint();
  CHECK(picture.pixelColor(inside) == slice_color("dispatch"));
  CHECK(*window.timeline().slice_at(inside) == kDispatch);
  window.key(Qt::Key_P);
  CHECK(row_of(window, 3, true) == nullptr);
}

TEST_CASE("pinned rows stay when the others scroll") {
  OpenWindow window([](const std::filesystem::path& path) {
    trace::Recorder out(path);
    for (std::uint64_t i = 0; i < 100; ++i) {
      const auto track =
          out.add_track(trace::kNoTrack, "track " + std::to_string(i), rtrace::TRACK_KIND_CORE, i);
      out.slice(track, out.string("work"), 0, 1000);
    }
    out.finish();
  });
  window.timeline().select(SliceKey{90, 0});
  window.key(Qt::Key_P);
  const QRectF pinned = window.timeline().slice_area({90, 0});
  window.key(Qt::Key_PageDown);
  CHECK(window.timeline().scroll() > 0);
  CHECK(window.timeline().slice_area({90, 0}) == pinned);
}

TEST_CASE("H hides a track, Shift+H shows all again") {
  OpenWindow window(test::write_two_streams);
  window.timeline().select(kDispatch);
  window.key(Qt::Key_H);
  CHECK(row_of(window, 3, false) == nullptr);
  CHECK(window.timeline().slice_area(kDispatch).isEmpty());
  window.key(Qt::Key_H, Qt::ShiftModifier);
  CHECK(row_of(window, 3, false) != nullptr);
}

TEST_CASE("L leads to the filter, which keeps the tracks that are named") {
  OpenWindow window(test::write_two_streams);
  window.key(Qt::Key_L);
  window.type("comm");
  CHECK(window.timeline().rows().size() == 2);
  CHECK(row_of(window, 2, false) == nullptr);
  window.key(Qt::Key_Return);
  CHECK(window->focusWidget() == &window.timeline());
  window.key(Qt::Key_H, Qt::ShiftModifier);
  CHECK(window.timeline().rows().size() == 4);
}

TEST_CASE("a label dragged onto a sibling goes before it, Ctrl+Shift+Down moves it back") {
  OpenWindow window(test::write_two_streams);
  const auto y_of = [&](std::uint32_t track) {
    return window.timeline().rows_top() + row_of(window, track, false)->y + 5.0;
  };
  REQUIRE(y_of(2) < y_of(3));
  window.drag({60, y_of(3)}, {60, y_of(2)});
  CHECK(y_of(3) < y_of(2));
  window.timeline().set_hover({});
  window.timeline().select(kDispatch);
  window.key(Qt::Key_Down, Qt::ControlModifier | Qt::ShiftModifier);
  CHECK(y_of(2) < y_of(3));
  window.key(Qt::Key_Up, Qt::ControlModifier | Qt::ShiftModifier);
  CHECK(y_of(3) < y_of(2));
}

TEST_CASE("plus, minus and Alt+wheel change the height of rows") {
  OpenWindow window(test::write_two_streams);
  const int before = row_of(window, 3, false)->height;
  window.key(Qt::Key_Minus, {}, "-");
  CHECK(row_of(window, 3, false)->height < before);
  window.key(Qt::Key_Plus, {}, "+");
  CHECK(row_of(window, 3, false)->height == Approx(before).margin(1));
  window.wheel({500, 300}, {120, 0}, Qt::AltModifier);
  CHECK(row_of(window, 3, false)->height > before);
}

TEST_CASE("the lower edge of a label is drawn to make rows taller") {
  OpenWindow window(test::write_two_streams);
  const auto height = [&] { return row_of(window, 3, false)->height; };
  const int before = height();
  const double edge = window.timeline().rows_top() + row_of(window, 3, false)->y + before - 2.0;
  window.drag({60, edge}, {60, edge + before});
  CHECK(height() == Approx(2 * before).margin(2));
  CHECK(window.timeline().arrangement().order.empty());  // nothing was moved
}

TEST_CASE("V steps a counter through values, changes, changes a second and the sum over tracks") {
  OpenWindow window([](const auto& path) { test::write_two_ranks(path); });
  const auto power = [&] {
    for (const Row& row : window.timeline().rows()) {
      if (row.kind == RowKind::kCounter) {
        return row;
      }
    }
    return Row();
  }();
  REQUIRE(power.counter.value == 1);
  window.move({500, window.timeline().rows_top() + power.y + 5.0}, Qt::NoButton);
  const QImage values = window.picture();
  window.key(Qt::Key_V);
  CHECK(window.timeline().counter_mode({1}) == CounterMode::kChange);
  CHECK(window.picture() != values);
  window.key(Qt::Key_V);
  window.key(Qt::Key_V);
  CHECK(window.timeline().counter_mode({1}) == CounterMode::kSum);
  window->save_view_beside();
  window.key(Qt::Key_V);
  CHECK(window.timeline().counter_mode({1}) == CounterMode::kValue);
  CHECK(window.picture() == values);
  Window again({window.directory() / "trace.rtrace"});
  again.finish_loading();
  CHECK(again.timeline().counter_mode({1}) == CounterMode::kSum);
}

TEST_CASE("O closes and opens the group under the cursor") {
  OpenWindow window(test::write_two_streams);
  window.move({60, window.timeline().rows_top() + 10.0}, Qt::NoButton);
  window.key(Qt::Key_O);
  CHECK(window.timeline().rows().size() == 1);
  window.key(Qt::Key_O);
  CHECK(window.timeline().rows().size() == 4);
}

TEST_CASE("a right click on a label asks for its menu, and does not pan") {
  OpenWindow window(test::write_two_streams);
  RowId asked;
  window.timeline().on_menu = [&](const RowId& row, const QPoint&) { asked = row; };
  window.press({60, window.timeline().rows_top() + 10.0}, Qt::RightButton);
  CHECK(asked == RowId{1, 0});
}

TEST_CASE("rows and kept marks are there when the trace is opened again") {
  OpenWindow window(test::write_two_streams);
  window.timeline().select(kDispatch);
  window.key(Qt::Key_P);
  window.key(Qt::Key_M, Qt::ShiftModifier);
  REQUIRE(std::filesystem::exists(window.directory() / "trace.rtrace.view.json"));
  Window again({window.directory() / "trace.rtrace"});
  again.finish_loading();
  CHECK(again.timeline().arrangement().pinned == std::vector<RowId>{{3, 0}});
  REQUIRE(again.timeline().marks().size() == 1);
  CHECK(again.timeline().marks()[0].time_ps == 300'000);
}

}  // namespace
}  // namespace reticle::gui
