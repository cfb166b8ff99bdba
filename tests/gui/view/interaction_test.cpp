#include <QCoreApplication>
#include <QEvent>
#include <QLineEdit>
#include <QTabWidget>
#include <catch2/catch.hpp>

#include "sim/trace/recorder.h"
#include "tests/gui/view/window_fixture.h"

namespace reticle::gui {
namespace {

using test::OpenWindow;

const SliceKey kGemm{0, 0};
const SliceKey kSecondGemm{0, 1};
const SliceKey kDispatch{2, 0};

QPointF middle(OpenWindow& window, const SliceKey& slice) {
  return window.timeline().slice_area(slice).center();
}

TEST_CASE("W and S zoom, Shift faster and Ctrl finer, 0 and Home show all") {
  OpenWindow window(test::write_two_streams);
  const std::int64_t all = window.timeline().range().length_ps();
  CHECK(all == 1'020'000);
  window.key(Qt::Key_W);
  CHECK(window.timeline().range().length_ps() == 816'000);
  window.key(Qt::Key_S);
  CHECK(window.timeline().range().length_ps() == all);
  window.key(Qt::Key_W, Qt::ShiftModifier);
  CHECK(window.timeline().range().length_ps() == 510'000);
  window.key(Qt::Key_W, Qt::ControlModifier);
  CHECK(window.timeline().range().length_ps() == 484'500);
  window.key(Qt::Key_0);
  CHECK(window.timeline().range().length_ps() == all);
  window.key(Qt::Key_W);
  window.key(Qt::Key_Home);
  CHECK(window.timeline().range().length_ps() == all);
}

TEST_CASE("W zooms at the cursor") {
  OpenWindow window(test::write_two_streams);
  const QPointF cursor(window.x_of(200), 200);
  window.move(cursor, Qt::NoButton);
  window.key(Qt::Key_W, Qt::ShiftModifier);
  CHECK(window.x_of(200) == Approx(cursor.x()).margin(0.5));
}

TEST_CASE("D, A and the arrows pan by a tenth of the view") {
  OpenWindow window(test::write_two_streams);
  window.timeline().set_range({300'000, 400'000});
  window.key(Qt::Key_D);
  CHECK(window.timeline().range() == TimeRange{310'000, 410'000});
  window.key(Qt::Key_Right);
  CHECK(window.timeline().range() == TimeRange{320'000, 420'000});
  window.key(Qt::Key_A, Qt::ShiftModifier);
  CHECK(window.timeline().range() == TimeRange{270'000, 370'000});
  window.key(Qt::Key_Left);
  CHECK(window.timeline().range() == TimeRange{260'000, 360'000});
}

TEST_CASE("Ctrl+wheel zooms at the cursor, the sideways wheel pans") {
  OpenWindow window(test::write_two_streams);
  const QPointF cursor(window.x_of(700), 200);
  window.wheel(cursor, {0, 120}, Qt::ControlModifier);
  CHECK(window.timeline().range().length_ps() == 816'000);
  CHECK(window.x_of(700) == Approx(cursor.x()).margin(0.5));
  const std::int64_t from = window.timeline().range().from_ps;
  window.wheel(cursor, {-120, 0});
  CHECK(window.timeline().range().from_ps > from);
}

TEST_CASE("a pinch zooms about the fingers") {
  OpenWindow window(test::write_two_streams);
  const std::int64_t before = window.timeline().range().length_ps();
  const QPointF fingers(window.x_of(700), 200);
  window.pinch(fingers, 0.25);
  CHECK(window.timeline().range().length_ps() ==
        Approx(static_cast<double>(before) / 1.25).margin(2));
  CHECK(window.x_of(700) == Approx(fingers.x()).margin(0.5));
  window.pinch(fingers, -0.2);
  CHECK(window.timeline().range().length_ps() == Approx(before).margin(4));
}

TEST_CASE("a drag with Shift pans, and the wheel scrolls") {
  OpenWindow window(test::write_two_streams);
  window.timeline().set_range({300'000, 400'000});
  const double before = window.x_of(350);
  window.hold_modifiers(Qt::ShiftModifier);
  window.drag({before, 200}, {before + 100, 200});
  window.hold_modifiers({});
  CHECK(window.x_of(350) == Approx(before + 100).margin(0.5));
  CHECK_FALSE(window.timeline().marked());
  for (int i = 0; i < 8; ++i) {
    window.timeline().scale_rows(1.25);
  }
  window.wheel({500, 300}, {0, -120});
  CHECK(window.timeline().scroll() == 60);
  window.wheel({500, 300}, {0, 120});
  CHECK(window.timeline().scroll() == 0);
}

TEST_CASE("a drag with the right button moves what is under it along") {
  OpenWindow window(test::write_two_streams);
  window.timeline().set_range({300'000, 400'000});
  const double before = window.x_of(350);
  window.drag({before, 200}, {before + 100, 200}, Qt::RightButton);
  CHECK(window.x_of(350) == Approx(before + 100).margin(0.5));
  CHECK_FALSE(window.timeline().marked());
}

TEST_CASE("a click selects a slice and lists its arguments and flows") {
  OpenWindow window(test::write_two_streams);
  window.click(middle(window, kGemm));
  REQUIRE(window.timeline().selection());
  CHECK(*window.timeline().selection() == kGemm);
  const QStringList details = window->panels().details();
  CHECK(details.contains("name: gemm"));
  CHECK(details.contains("track: rank 0/compute"));
  CHECK(details.contains("start: 100.000 ns"));
  CHECK(details.contains("duration: 200.000 ns"));
  CHECK(details.contains("flops: 1000000"));
  CHECK(details.contains("leads to: dispatch"));
  window.click({window.x_of(950), middle(window, kGemm).y()});
  CHECK_FALSE(window.timeline().selection());
}

TEST_CASE("full stop and comma step along the lane and stop at its ends") {
  OpenWindow window(test::write_two_streams);
  window.click(middle(window, kGemm));
  window.key(Qt::Key_Comma);
  CHECK(*window.timeline().selection() == kGemm);
  window.key(Qt::Key_Period);
  CHECK(*window.timeline().selection() == kSecondGemm);
  window.key(Qt::Key_Period);
  CHECK(*window.timeline().selection() == kSecondGemm);
  window.key(Qt::Key_Comma);
  CHECK(*window.timeline().selection() == kGemm);
}

TEST_CASE("brackets follow flows forward and back") {
  OpenWindow window(test::write_two_streams);
  window.click(middle(window, kGemm));
  window.key(Qt::Key_BracketRight);
  CHECK(*window.timeline().selection() == kDispatch);
  window.key(Qt::Key_BracketRight);
  CHECK(*window.timeline().selection() == kSecondGemm);
  window.key(Qt::Key_BracketLeft);
  CHECK(*window.timeline().selection() == kDispatch);
}

TEST_CASE("F first centres the selection, then fits it") {
  OpenWindow window(test::write_two_streams);
  window.timeline().set_range({0, 200'000});
  window.timeline().select(kDispatch);
  window.key(Qt::Key_F);
  CHECK(window.timeline().range() == TimeRange{350'000, 550'000});
  window.key(Qt::Key_F);
  CHECK(window.timeline().range() == TimeRange{270'000, 630'000});
}

TEST_CASE("a drag marks a range whose statistics are shown, Escape clears it") {
  OpenWindow window(test::write_two_streams);
  const int names = window->panels().statistics().rowCount();
  CHECK(names == 3);  // gemm, dispatch, tile load
  window.drag({window.x_of(350), 20}, {window.x_of(550), 20});
  REQUIRE(window.timeline().marked());
  CHECK(window.timeline().marked()->from_ps == Approx(350'000).margin(1500));
  CHECK(window.timeline().marked()->to_ps == Approx(550'000).margin(1500));
  REQUIRE(window->panels().statistics().rowCount() == 1);
  const auto shown = window->panels().statistics().index(0, StatisticsTable::kName).data();
  CHECK(shown.toString() == "dispatch");
  window.key(Qt::Key_Escape);
  CHECK_FALSE(window.timeline().marked());
  CHECK(window->panels().statistics().rowCount() == names);
}

TEST_CASE("R makes the selected slice the range") {
  OpenWindow window(test::write_two_streams);
  window.timeline().select(kDispatch);
  window.key(Qt::Key_R);
  CHECK(*window.timeline().marked() == TimeRange{300'000, 600'000});
}

TEST_CASE("a click on a group closes and opens it") {
  OpenWindow window(test::write_two_streams);
  CHECK(window.timeline().rows().size() == 4);
  window.click({20, window.timeline().rows_top() + 10.0});
  CHECK(window.timeline().rows().size() == 1);
  CHECK(window.timeline().slice_area(kGemm).isEmpty());
  window.click({20, window.timeline().rows_top() + 10.0});
  CHECK(window.timeline().rows().size() == 4);
}

TEST_CASE("a slash leads to the search line, Enter steps through the hits and comes round") {
  OpenWindow window(test::write_two_streams);
  window.key(Qt::Key_Slash, {}, "/");
  CHECK(dynamic_cast<QLineEdit*>(window->focusWidget()) != nullptr);
  for (const char* letter : {"g", "e", "m"}) {
    window.key(0, {}, letter);
  }
  CHECK(window.timeline().search().count() == 2);
  window.key(Qt::Key_Return);
  CHECK(*window.timeline().selection() == kGemm);
  window.key(Qt::Key_Return);
  CHECK(*window.timeline().selection() == kSecondGemm);
  window.key(Qt::Key_Return);
  CHECK(*window.timeline().selection() == kGemm);
  window.key(Qt::Key_Return, Qt::ShiftModifier);
  CHECK(*window.timeline().selection() == kSecondGemm);
  window.key(Qt::Key_Escape);
  CHECK(window->focusWidget() == &window.timeline());
}

TEST_CASE("a colon counts what is searched for: only hits are in the statistics") {
  OpenWindow window(test::write_two_streams);
  window->show_view("energy");
  window.key(Qt::Key_Colon, Qt::ShiftModifier, ":");
  window.type("dur>=250ns");
  const StatisticsTable& table = window->panels().statistics();
  REQUIRE(table.rowCount() == 2);  // dispatch and the second gemm, 300 ns each
  CHECK(table.rows()[0].count == 1);
  CHECK(table.rows()[0].total_ps == 300'000);
  CHECK(table.rows()[1].total_ps == 300'000);
  CHECK(window->panels().tabText(1) == "Statistics of hits in all");
  window->find("");
  CHECK(window->panels().statistics().rowCount() == 3);
}

TEST_CASE("I shows and hides why a stream was idle") {
  OpenWindow window([](const auto& path) { test::write_two_ranks(path); });
  const QImage shown = window.picture();
  window.key(Qt::Key_I);
  const QImage hidden = window.picture();
  CHECK(hidden != shown);
  window.key(Qt::Key_I);
  CHECK(window.picture() == shown);
}

TEST_CASE("hundreds of flows of a slice are listed up to 200, and counted") {
  OpenWindow window([](const std::filesystem::path& path) {
    trace::Recorder out(path);
    const auto from = out.add_track(trace::kNoTrack, "from", rtrace::TRACK_KIND_STREAM);
    const auto to = out.add_track(trace::kNoTrack, "to", rtrace::TRACK_KIND_STREAM);
    const auto hub = out.slice(from, out.string("hub"), 0, 1000);
    for (int i = 0; i < 301; ++i) {
      out.flow(hub, out.slice(to, out.string("leaf"), 1000 + i * 10, 5));
    }
    out.finish();
  });
  window.timeline().select(SliceKey{0, 0});
  CHECK(window->panels().details().filter("leads to: leaf").size() == 200);
  CHECK(window->panels().details().contains("leads to: and 101 more"));
  CHECK_FALSE(window.picture().isNull());
}

TEST_CASE("a question mark shows the keys, and any key hides them") {
  OpenWindow window(test::write_two_streams);
  const QImage before = window->grab().toImage();
  window.key(Qt::Key_Question, Qt::ShiftModifier, "?");
  CHECK(window->help_shown());
  CHECK(window->grab().toImage() != before);
  window.key(Qt::Key_W);
  CHECK_FALSE(window->help_shown());
  CHECK(window->grab().toImage() == before);
  CHECK(window->focusWidget() == &window.timeline());
}

TEST_CASE("hovering draws over the picture and leaves no trace") {
  OpenWindow window(test::write_two_streams);
  const QImage before = window.picture();
  window.move(middle(window, kGemm), Qt::NoButton);
  CHECK(window.picture() != before);
  QEvent leave(QEvent::Leave);
  QCoreApplication::sendEvent(&window.timeline(), &leave);
  CHECK(window.picture() == before);
}

}  // namespace
}  // namespace reticle::gui
