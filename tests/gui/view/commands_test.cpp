#include <QApplication>
#include <QLineEdit>
#include <QTableWidget>
#include <QXmlStreamReader>
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "schema/errors.h"
#include "sim/trace/recorder.h"
#include "tests/gui/view/window_fixture.h"

namespace reticle::gui {
namespace {

using test::bytes_of;
using test::OpenWindow;

const SliceKey kGemm{0, 0};

TEST_CASE("Alt+Left goes back to the view before a jump, Alt+Right forward again") {
  OpenWindow window(test::write_two_streams);
  const TimeRange all = window.timeline().range();
  window.timeline().select(SliceKey{2, 0});
  window.key(Qt::Key_F);
  window.key(Qt::Key_F);
  const TimeRange fitted = window.timeline().range();
  CHECK(fitted != all);
  window.key(Qt::Key_Left, Qt::AltModifier);
  window.key(Qt::Key_Left, Qt::AltModifier);
  CHECK(window.timeline().range() == all);
  window.key(Qt::Key_Right, Qt::AltModifier);
  window.key(Qt::Key_Right, Qt::AltModifier);
  CHECK(window.timeline().range() == fitted);
  window.key(Qt::Key_Right, Qt::AltModifier);
  CHECK(window.timeline().range() == fitted);
}

TEST_CASE("a key held down pans faster and faster") {
  OpenWindow window(test::write_two_streams);
  window.timeline().set_range({0, 100'000});
  window.key(Qt::Key_D);
  const std::int64_t first = window.timeline().range().from_ps;
  for (int i = 0; i < 10; ++i) {
    window.hold(Qt::Key_D);
  }
  const std::int64_t before = window.timeline().range().from_ps;
  window.hold(Qt::Key_D);
  CHECK(2 * (window.timeline().range().from_ps - before) > 3 * first);
}

TEST_CASE("without a mouse: full stop takes the first slice, Alt+Down the lane below") {
  OpenWindow window(test::write_two_streams);
  window.key(Qt::Key_Period, {}, ".");
  REQUIRE(window.timeline().selection());
  CHECK(*window.timeline().selection() == kGemm);
  window.key(Qt::Key_Down, Qt::AltModifier);
  CHECK(*window.timeline().selection() == SliceKey{1, 0});
  window.key(Qt::Key_Down, Qt::AltModifier);
  CHECK(*window.timeline().selection() == SliceKey{2, 0});
  window.key(Qt::Key_Up, Qt::AltModifier);
  CHECK(window.timeline().selection()->lane == 1);
}

TEST_CASE("with Ctrl the brackets choose among several flows") {
  OpenWindow window([](const std::filesystem::path& path) {
    trace::Recorder out(path);
    const auto a = out.add_track(trace::kNoTrack, "a", rtrace::TRACK_KIND_STREAM);
    const auto b = out.add_track(trace::kNoTrack, "b", rtrace::TRACK_KIND_STREAM);
    const auto from = out.slice(a, out.string("from"), 0, 100);
    const auto first = out.slice(b, out.string("first"), 200, 100);
    const auto second = out.slice(b, out.string("second"), 400, 100);
    out.flow(from, first);
    out.flow(from, second);
    out.finish();
  });
  window.timeline().select(SliceKey{0, 0});
  window.key(Qt::Key_BracketRight, {}, "]");
  CHECK(*window.timeline().selection() == SliceKey{1, 0});
  window.timeline().select(SliceKey{0, 0});
  window.key(Qt::Key_BracketRight, Qt::ControlModifier, "]");
  window.key(Qt::Key_BracketRight, {}, "]");
  CHECK(*window.timeline().selection() == SliceKey{1, 1});
}

TEST_CASE("M marks the instant under the cursor, the next M another one") {
  OpenWindow window(test::write_two_streams);
  window.move({window.x_of(500), 300}, Qt::NoButton);
  window.key(Qt::Key_M);
  REQUIRE(window.timeline().marks().size() == 1);
  CHECK(window.timeline().marks()[0].time_ps == Approx(500'000).margin(1500));
  window.move({window.x_of(700), 300}, Qt::NoButton);
  window.key(Qt::Key_M);
  REQUIRE(window.timeline().marks().size() == 1);
  CHECK(window.timeline().marks()[0].time_ps == Approx(700'000).margin(1500));
  window.key(Qt::Key_M, Qt::ShiftModifier);
  CHECK(window.timeline().marks().size() == 2);
}

TEST_CASE("the palette finds commands by name and runs them") {
  OpenWindow window(test::write_two_streams);
  window.key(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
  REQUIRE(window->palette_shown());
  window.type("critical");
  CHECK_FALSE(window.timeline().critical_path());
  window.key(Qt::Key_Return);
  CHECK_FALSE(window->palette_shown());
  CHECK(window.timeline().critical_path());
  CHECK(window->focusWidget() == &window.timeline());
  window.key(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
  window.key(Qt::Key_Escape);
  CHECK_FALSE(window->palette_shown());
}

TEST_CASE("no two commands share keys") {
  OpenWindow window({test::write_two_streams, test::write_two_streams});
  const auto& actions = window->actions();
  for (int key = Qt::Key_Space; key <= Qt::Key_AsciiTilde; ++key) {
    for (const auto held : {Qt::KeyboardModifiers(), Qt::KeyboardModifiers(Qt::ShiftModifier),
                            Qt::KeyboardModifiers(Qt::ControlModifier)}) {
      const auto count = std::count_if(actions.begin(), actions.end(), [&](const Action& action) {
        return action.matches && action.matches(key, held);
      });
      CHECK(count <= 1);
    }
  }
}

TEST_CASE("searches by expression and argument outline their hits") {
  OpenWindow window(test::write_two_streams);
  window->find("/^ge.*/ & flops>1000");
  CHECK(window.timeline().search().count() == 1);
  CHECK(*window.timeline().selection() == kGemm);
  window->find("/[/");
  CHECK(window.timeline().search().count() == 0);
}

TEST_CASE("a drag measures: duration, and what counters come to in it") {
  OpenWindow window([](const std::filesystem::path& path) { test::write_two_ranks(path); });
  const QImage before = window.picture();
  window.press({window.x_of(500), 300});
  window.move({window.x_of(1400), 300});
  CHECK(window.picture() != before);
  REQUIRE(window.timeline().marked());
  window.release({window.x_of(1400), 300});
  window->panels().open("energy");
  REQUIRE(window->panels().energy().rowCount() == 3);  // two counters and gemm
  CHECK(window->panels().energy().rows()[0].joules ==
        Approx(9e-4).epsilon(0.01));  // 1 kW for 0.9 us
}

TEST_CASE("every view opens, in light and dark") {
  OpenWindow window({[](const auto& path) { test::write_two_ranks(path); },
                     [](const auto& path) { test::write_two_ranks(path, 2); }});
  for (const bool dark : {false, true}) {
    window->set_dark(dark);
    for (const std::string& view : Window::views()) {
      CHECK(window->show_view(view));
      QApplication::processEvents();
      CHECK_FALSE(window->grab().toImage().isNull());
    }
  }
  CHECK_FALSE(window->show_view("nothing"));
}

TEST_CASE("charts show what there is to see") {
  OpenWindow window([](const std::filesystem::path& path) { test::write_two_ranks(path); });
  window->panels().open("bottlenecks");
  CHECK(window->panels().bottlenecks().found().totals.front().first == "hbm");
  CHECK(window->panels().bottlenecks().found().streams.size() == 2);
  window->panels().open("roofline");
  RooflineChart& roof = window->panels().roofline();
  REQUIRE(roof.roofline().points.size() == 2);
  const QPoint gemm = roof.place(roof.roofline().points[0]).toPoint();
  const QPoint norm = roof.place(roof.roofline().points[1]).toPoint();
  CHECK(gemm.x() > norm.x());  // more operations a byte
  CHECK(gemm.y() < norm.y());  // and faster
  const QColor seen = roof.grab().toImage().pixelColor(gemm);
  CHECK(std::abs(seen.red() - slice_color("gemm").red()) < 60);
  window->find("norm");
  window->panels().open("roofline");
  CHECK(roof.roofline().points.size() == 1);
  window->panels().open("ranks");
  RankChart& ranks = window->panels().ranks();
  REQUIRE(ranks.parts() == 2);
  CHECK(ranks.matrix(0).unit == "s");
  REQUIRE(ranks.matrix(1).ranks.size() == 2);
  CHECK(ranks.matrix(1).unit == "tokens");
  CHECK(ranks.cell(0, 0, ranks.matrix(0).columns.size() - 1).right() < ranks.cell(1, 0, 0).left());
  const QImage heat = ranks.grab().toImage();
  const auto shade = [&](std::size_t row, std::size_t column) {
    return heat.pixelColor((ranks.cell(1, row, column).topLeft() + QPointF(3, 3)).toPoint())
        .lightness();
  };
  CHECK(shade(0, 1) < shade(0, 0));  // 30 tokens are darker than 10
  CHECK(shade(1, 0) == shade(1, 1));
}

TEST_CASE("a picture of vectors has a rectangle where a slice is") {
  OpenWindow window(test::write_two_streams);
  const auto path = window.directory() / "view.svg";
  window->export_to(path);
  const std::string svg = bytes_of(path);
  QXmlStreamReader reader(QByteArray::fromStdString(svg));
  while (!reader.atEnd()) {
    reader.readNext();
  }
  CHECK_FALSE(reader.hasError());
  CHECK(svg.find(slice_color("dispatch").name().toStdString()) != std::string::npos);
  CHECK(svg.find("dispatch") != std::string::npos);
  CHECK(svg.find("<image") == std::string::npos);
}

TEST_CASE("exports are by ending, and can be opened again") {
  OpenWindow window(test::write_two_streams);
  window->export_to(window.directory() / "s.csv");
  CHECK(bytes_of(window.directory() / "s.csv").find("\ngemm,,2,0.500000,") != std::string::npos);
  for (const char* name : {"t.json", "t.pftrace", "t.rtrace"}) {
    window->export_to(window.directory() / name);
    Document document(window.directory() / name);
    document.wait();
    CHECK(document.failure().empty());
    CHECK(document.summary().totals.slices == 5);
  }
  CHECK_THROWS_AS(window->export_to("x.bmp"), UsageError);
  CHECK_THROWS_AS(window->export_to(window.directory() / "no/x.png"), OutputError);
  CHECK_THROWS_AS(window->export_to(window.directory() / "no/x.svg"), OutputError);
  CHECK_THROWS_AS(window->export_to(window.directory() / "no/x.csv"), OutputError);
}

TEST_CASE("Y copies a command line that shows this view") {
  OpenWindow window(test::write_two_streams);
  window.timeline().set_range({100'000, 300'000});
  CHECK(window->link() == "reticle-view --range 0.100000..0.300000 '" +
                              (window.directory() / "trace.rtrace").string() + "'");
}

}  // namespace
}  // namespace reticle::gui
