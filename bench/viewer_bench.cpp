// What the viewer takes: a window of 1920 x 1080 on the offscreen platform (raster), on traces of
// 100 tracks. Every benchmark of frames reports the 95th percentile of the wall clock and of the
// thread's processor time, beside its goal (issue 8).
#include <benchmark/benchmark.h>
#include <malloc.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <vector>

#include "bench/viewer_traces.h"
#include "gui/view/window.h"

namespace {

using reticle::bench::random_trace;
using reticle::gui::Document;
using reticle::gui::Timeline;
using reticle::gui::Window;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kMillion = 1'000'000;
constexpr std::int64_t kGigabyte = 150 * kMillion;  // slices of a file of 1.03 GB
constexpr double kFrame_ms = 16;
constexpr double kSlowFrame_ms = 33;
constexpr double kRawBytes = 20;  // a slice: start and duration of 8 bytes, name of 4
constexpr int kZooms = 44;        // of 4/5: from all to where slices have labels

// Of this thread: what a frame takes on a machine that does nothing else.
double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

double resident_bytes() {
  std::ifstream in("/proc/self/statm");
  double total = 0;
  double resident = 0;
  in >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double percentile95(std::vector<double> values) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() * 95 / 100);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// A window that shows the timeline alone, all rows read.
std::unique_ptr<Window> open_window(std::int64_t slices) {
  auto window = std::make_unique<Window>(std::vector{random_trace(slices)});
  window->resize(1920, 1080);
  window->show();
  window->finish_loading();
  window->panels().finish();
  window->show_view("timeline");
  QApplication::processEvents();
  return window;
}

// Each step of `act`, and the picture after it.
void frames(benchmark::State& state, Window& window, double goal_ms,
            const std::function<void(int step)>& act) {
  std::vector<double> wall;
  std::vector<double> cpu;
  int step = 0;
  for (auto _ : state) {
    const auto start = Clock::now();
    const double cpu_start = cpu_ms();
    act(step++);
    window.timeline().repaint();
    wall.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    cpu.push_back(cpu_ms() - cpu_start);
  }
  state.counters["p95_ms"] = percentile95(wall);
  state.counters["p95_cpu_ms"] = percentile95(cpu);
  state.counters["worst_ms"] = *std::max_element(wall.begin(), wall.end());
  state.counters["goal_ms"] = goal_ms;
}

void open_trace(benchmark::State& state) {
  const auto path = random_trace(state.range(0));
  for (auto _ : state) {
    Document document(path);
    document.wait();
  }
  state.counters["goal_ms"] = 2000;
}

// DeepSeek's profile, if it is named in RETICLE_PROFILE.
void open_profile(benchmark::State& state) {
  const char* path = getenv("RETICLE_PROFILE");
  if (path == nullptr) {
    state.SkipWithError("set RETICLE_PROFILE to train.json");
    return;
  }
  for (auto _ : state) {
    Document document(path);
    document.wait();
  }
  state.counters["goal_ms"] = 1000;
}

// From the command to a picture with slices in it, while the rest is still read; and from the index
// on alone.
void first_picture(benchmark::State& state) {
  const auto path = random_trace(state.range(0));
  double after_index_ms = 0;
  for (auto _ : state) {
    Document document(path);
    const auto indexed = Clock::now();
    Timeline timeline(document);
    timeline.resize(1920, 1080);
    while (document.data().lanes[0].size() == 0) {
      document.take(std::chrono::milliseconds(20));
    }
    timeline.rows_changed();
    QImage picture(1920, 1080, QImage::Format_RGB32);
    timeline.render(&picture);
    after_index_ms = std::max(
        after_index_ms, std::chrono::duration<double, std::milli>(Clock::now() - indexed).count());
    state.PauseTiming();
    document.cancel();
    document.wait();
    state.ResumeTiming();
  }
  state.counters["after_index_ms"] = after_index_ms;
  state.counters["file_gb"] = static_cast<double>(std::filesystem::file_size(path)) * 1e-9;
  state.counters["goal_ms"] = 1000;
}

// Of an open document, by what the process grew.
void memory(benchmark::State& state) {
  const auto path = random_trace(state.range(0));
  double grown = 0;
  for (auto _ : state) {
    malloc_trim(0);
    const double before = resident_bytes();
    Document document(path);
    document.wait();
    malloc_trim(0);
    grown = resident_bytes() - before;
  }
  const double slice = grown / static_cast<double>(state.range(0));
  state.counters["bytes_a_slice"] = slice;
  state.counters["times_raw"] = slice / kRawBytes;
  state.counters["goal_times_raw"] = 1.5;
}

// In from all to a few slices and out again, panning at every scale.
void pan_and_zoom(benchmark::State& state, double goal_ms) {
  const auto window = open_window(state.range(0));
  frames(state, *window, goal_ms, [&](int step) {
    if (step % 4 == 3) {
      window->timeline().zoom(step % (8 * kZooms) < 4 * kZooms ? 0.8 : 1.25);
    } else {
      window->timeline().pan_pixels(step % 8 < 4 ? 37 : -31);
    }
  });
}

void send_mouse(Window& window, QEvent::Type type, QPointF at, Qt::MouseButton button) {
  QMouseEvent event(type, at, window.timeline().mapToGlobal(at), button,
                    type == QEvent::MouseButtonRelease ? Qt::NoButton : button, Qt::NoModifier);
  QApplication::sendEvent(&window.timeline(), &event);
}

QPointF wandering(int step) { return {300.0 + step * 7 % 1600, 100.0 + step * 13 % 900}; }

void hover(benchmark::State& state) {
  const auto window = open_window(state.range(0));
  frames(state, *window, kFrame_ms,
         [&](int step) { send_mouse(*window, QEvent::MouseMove, wandering(step), Qt::NoButton); });
}

// A click on a slice, with what is known of it below.
void select(benchmark::State& state) {
  const auto window = open_window(state.range(0));
  window->show_view("selection");
  QApplication::processEvents();
  frames(state, *window, kFrame_ms, [&](int step) {
    const QPointF at = wandering(step);
    send_mouse(*window, QEvent::MouseButtonPress, at, Qt::LeftButton);
    send_mouse(*window, QEvent::MouseButtonRelease, at, Qt::LeftButton);
    window->panels().repaint();
  });
}

// A range is drawn and let go, with its statistics below.
void mark_range(benchmark::State& state) {
  const auto window = open_window(state.range(0));
  window->show_view("statistics");
  QApplication::processEvents();
  frames(state, *window, kFrame_ms, [&](int step) {
    const bool first = step % 8 == 0;
    const bool last = step % 8 == 7;
    send_mouse(*window,
               first  ? QEvent::MouseButtonPress
               : last ? QEvent::MouseButtonRelease
                      : QEvent::MouseMove,
               {400.0 + step % 8 * 100, 300}, Qt::LeftButton);
    window->panels().repaint();
  });
}

BENCHMARK(memory)->Arg(10 * kMillion)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK(open_profile)->Unit(benchmark::kMillisecond)->Iterations(3);
BENCHMARK(open_trace)->Arg(10 * kMillion)->Unit(benchmark::kMillisecond)->Iterations(3);
BENCHMARK(first_picture)->Arg(kGigabyte)->Unit(benchmark::kMillisecond)->Iterations(3);
BENCHMARK_CAPTURE(pan_and_zoom, at_60_hz, kFrame_ms)
    ->Arg(10 * kMillion)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(8 * kZooms);
BENCHMARK(hover)->Arg(10 * kMillion)->Unit(benchmark::kMillisecond)->Iterations(300);
BENCHMARK(select)->Arg(10 * kMillion)->Unit(benchmark::kMillisecond)->Iterations(300);
BENCHMARK(mark_range)->Arg(10 * kMillion)->Unit(benchmark::kMillisecond)->Iterations(200);
BENCHMARK_CAPTURE(pan_and_zoom, at_30_hz, kSlowFrame_ms)
    ->Arg(100 * kMillion)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(8 * kZooms);

}  // namespace

int main(int argc, char** argv) {
  setenv("QT_QPA_PLATFORM", "offscreen", 0);
  QApplication application(argc, argv);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 2;
  }
  benchmark::RunSpecifiedBenchmarks();
}
