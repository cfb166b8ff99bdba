#include <zlib.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <fstream>

#include "sim/trace/recorder.h"
#include "tests/gui/view/window_fixture.h"

namespace reticle::gui {
namespace {

using test::OpenWindow;

void write_many_tracks(const std::filesystem::path& path) {
  trace::Recorder out(path);
  const auto chip = out.add_track(trace::kNoTrack, "chip", rtrace::TRACK_KIND_CHIP);
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const auto core = out.add_track(chip, "core " + std::to_string(i), rtrace::TRACK_KIND_CORE, i);
    out.slice(core, out.string("work"), static_cast<std::int64_t>(i) * 1000, 5000);
  }
  out.finish();
}

void write_hour(const std::filesystem::path& path) {
  constexpr std::int64_t kHour_ps = 3'600'000'000'000'000;
  trace::Recorder out(path);
  const auto track = out.add_track(trace::kNoTrack, "host", rtrace::TRACK_KIND_HOST);
  out.slice(track, out.string("first"), 0, 1000);
  out.slice(track, out.string("last"), kHour_ps - 1000, 1000);
  out.finish();
}

// Rewrites the index frame with totals that no file of this size can hold.
void lie_about_counts(const std::filesystem::path& path) {
  std::string bytes = test::bytes_of(path);
  const std::size_t footer = bytes.size() - 16;
  std::uint64_t at = 0;
  std::memcpy(&at, &bytes[footer], sizeof at);
  std::uint32_t length = 0;
  std::memcpy(&length, &bytes[at], sizeof length);
  rtrace::Index index;
  REQUIRE(index.ParseFromString(bytes.substr(at + 12, length)));
  constexpr std::uint64_t kMany = 1'000'000'000'000'000;
  index.set_slices(kMany);
  index.mutable_tracks()->set_slices(0, kMany);
  const std::string message = index.SerializeAsString();
  std::string head = bytes.substr(at, 8);
  length = static_cast<std::uint32_t>(message.size());
  std::memcpy(&head[0], &length, sizeof length);
  uLong crc = crc32(0, reinterpret_cast<const Bytef*>(head.data()), 8);
  crc = crc32(crc, reinterpret_cast<const Bytef*>(message.data()), length);
  const auto stored = static_cast<std::uint32_t>(crc);
  const std::string end = bytes.substr(footer);
  bytes.resize(at);
  bytes += head + std::string(reinterpret_cast<const char*>(&stored), 4) + message + end;
  std::ofstream(path, std::ios::binary) << bytes;
}

TEST_CASE("a trace of nothing is shown") {
  OpenWindow window(test::write_empty);
  CHECK(window.timeline().rows().empty());
  for (const int key : {Qt::Key_W, Qt::Key_S, Qt::Key_D, Qt::Key_F, Qt::Key_Period, Qt::Key_R}) {
    window.key(key);
  }
  window.click({400, 200});
  CHECK_FALSE(window.picture().isNull());
  CHECK_FALSE(window.timeline().selection());
}

TEST_CASE("ten thousand tracks scroll to the last") {
  OpenWindow window(write_many_tracks);
  CHECK(window.timeline().rows().size() == 10'001);
  const SliceKey last{9'999, 0};
  CHECK(window.timeline().slice_area(last).top() > window.timeline().height());
  window->find("work");
  window.timeline().step_search(-1);  // from the first hit around to the last
  CHECK(*window.timeline().selection() == last);
  const QRectF area = window.timeline().slice_area(last);
  CHECK(area.top() > kRulerHeight);
  CHECK(area.bottom() <= window.timeline().height());
  const QImage open = window.picture();
  window.timeline().toggle({1});  // closed: the share of its lanes that is busy
  CHECK(window.timeline().rows().size() == 1);
  CHECK(window.picture() != open);
}

TEST_CASE("a nanosecond at the end of an hour can be zoomed to") {
  OpenWindow window(write_hour);
  window.timeline().select(SliceKey{0, 1});
  window.key(Qt::Key_F);
  window.key(Qt::Key_F);
  CHECK(window.timeline().range().length_ps() == 1200);
  const QRectF area = window.timeline().slice_area({0, 1});
  CHECK(area.width() == Approx((window.timeline().width() - kLabelWidth) / 1.2).margin(1));
}

TEST_CASE("a file cut short is shown, with a warning") {
  OpenWindow window([](const std::filesystem::path& path) {
    test::write_dense(path, 200'000);
    std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  });
  CHECK(window->document().data().warnings.size() == 1);
  CHECK(window->panels().tabText(window->panels().count() - 1) == "Warnings (1)");
}

TEST_CASE("a trace can be panned while it loads, and what comes appears") {
  OpenWindow window(
      {[](const std::filesystem::path& path) { test::write_dense(path, 20'000, 100); }}, false);
  window.timeline().set_range({0, 1'000'000});
  while (window->document().data().lanes[0].size() == 0) {
    window->poll();
  }
  window.key(Qt::Key_D);
  const TimeRange panned = window.timeline().range();
  CHECK(panned.from_ps == 100'000);
  window->finish_loading();
  CHECK(window.timeline().range() == panned);
  CHECK(window->document().data().lanes[0].size() == 20'000);
}

TEST_CASE("Escape stops loading, and the window shows what was read") {
  constexpr std::size_t kRows = 400'000;  // far more chunks than one turn of the window takes
  OpenWindow window({[](const auto& path) { test::write_dense(path, kRows, 10); }}, false);
  window.key(Qt::Key_Escape);
  window->finish_loading();
  CHECK(window->document().data().lanes[0].size() < kRows);
  REQUIRE(window->document().data().warnings.size() == 1);
  CHECK(window->document().data().warnings[0] ==
        "loading was cancelled; what was read until then is shown");
  CHECK(window->panels().tabText(window->panels().count() - 1) == "Warnings (1)");
  CHECK_FALSE(window.picture().isNull());
}

TEST_CASE("slices that overlap or never end are drawn, and the window says how many") {
  const auto write = [](const std::filesystem::path& path) {
    std::ofstream(path) << R"({"traceEvents":[
{"ph":"X","name":"long","pid":1,"tid":1,"ts":0,"dur":10},
{"ph":"X","name":"across","pid":1,"tid":1,"ts":5,"dur":10},
{"ph":"B","name":"open","pid":1,"tid":2,"ts":1},
{"ph":"X","name":"last","pid":1,"tid":1,"ts":20,"dur":1}]})";
  };
  OpenWindow window({write}, true, "odd.json");
  CHECK(window->panels().tabText(window->panels().count() - 1) == "Warnings (2)");
  for (const char* name : {"long", "across", "open"}) {
    INFO(name);
    REQUIRE(window->select(name));
    CHECK(window.timeline().slice_area(*window.timeline().selection()).width() > 10);
  }
  const SliceKey open = *window.timeline().selection();
  const Lane& lane = window->document().data().lanes[open.lane];
  CHECK(lane.end_ps(open.slice) == window->document().whole().to_ps);
}

TEST_CASE("an index that promises more than there is does not stop the viewer") {
  OpenWindow window([](const std::filesystem::path& path) {
    trace::Recorder out(path);
    const auto track = out.add_track(trace::kNoTrack, "liar", rtrace::TRACK_KIND_STREAM);
    out.slice(track, out.string("a"), 0, 1000);
    out.finish();
    lie_about_counts(path);
  });
  CHECK(window->document().summary().totals.slices == 1'000'000'000'000'000);
  CHECK(window->document().data().lanes[0].size() == 1);
  CHECK_FALSE(window.picture().isNull());
}

TEST_CASE("marks, ranges and views of a trace of nothing do not fail") {
  OpenWindow window({test::write_empty, test::write_empty});
  for (const std::string& view : Window::views()) {
    CHECK(window->show_view(view));
    CHECK_FALSE(window->grab().toImage().isNull());
  }
  window.timeline().mark(TimeRange{0, 10});
  window.key(Qt::Key_M);
  window.key(Qt::Key_G);
  window.key(Qt::Key_P);
  window.key(Qt::Key_Right, Qt::AltModifier);
  window->find("a>1");
  CHECK_FALSE(window->grab().toImage().isNull());
}

}  // namespace
}  // namespace reticle::gui
