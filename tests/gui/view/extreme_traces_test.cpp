#include <QTabWidget>
#include <catch2/catch.hpp>

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

}  // namespace
}  // namespace reticle::gui
