// Frame times of the viewer, drawn offscreen at 1920 x 1080 on traces of 10 and 100 million slices
// in 100 tracks (the goals: 16 ms at 10 million, 33 ms at 100 million, 95th percentile).
#include <benchmark/benchmark.h>
#include <stdlib.h>
#include <time.h>

#include <QApplication>
#include <QImage>
#include <QMouseEvent>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <random>
#include <vector>

#include "gui/view/timeline.h"
#include "sim/trace/recorder.h"

namespace {

using reticle::gui::Document;
using reticle::gui::Timeline;
using reticle::gui::TimeRange;
using Clock = std::chrono::steady_clock;

constexpr int kTracks = 100;
constexpr int kNames = 50;
constexpr std::int64_t kMillion = 1'000'000;

std::filesystem::path trace_of(std::int64_t slices) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("viewer-bench-" + std::to_string(slices) + ".rtrace");
  if (std::filesystem::exists(path)) {
    return path;
  }
  reticle::trace::Recorder out(path);
  std::vector<reticle::trace::StringId> names;
  for (int i = 0; i < kNames; ++i) {
    names.push_back(out.string("operator " + std::to_string(i)));
  }
  std::mt19937 random(1);
  for (int i = 0; i < kTracks; ++i) {
    const auto track = out.add_track(reticle::trace::kNoTrack, "core " + std::to_string(i),
                                     reticle::rtrace::TRACK_KIND_CORE);
    std::int64_t time_ps = 0;
    for (std::int64_t s = 0; s < slices / kTracks; ++s) {
      const std::int64_t duration_ps = 1 + random() % 800'000;  // 400 ns, then a gap of 100 ns
      out.slice(track, names[random() % kNames], time_ps, duration_ps);
      time_ps += duration_ps + random() % 200'000;
    }
  }
  out.finish();
  return path;
}

// Of this thread: what a frame takes on a machine that does nothing else.
double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double percentile95(std::vector<double> values) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() * 95 / 100);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

struct View {
  explicit View(std::int64_t slices) : document(trace_of(slices)), timeline(document) {
    document.wait();
    timeline.resize(1920, 1080);
    timeline.rows_changed();
  }
  void draw() { timeline.render(&picture); }

  Document document;
  Timeline timeline;
  QImage picture{1920, 1080, QImage::Format_RGB32};
};

struct Frames {
  std::vector<double> wall_ms;
  std::vector<double> cpu_ms;
};

void report(benchmark::State& state, const Frames& frames) {
  state.counters["p95_cpu_ms"] = percentile95(frames.cpu_ms);
  state.counters["p95_ms"] = percentile95(frames.wall_ms);
  state.counters["worst_ms"] = *std::max_element(frames.wall_ms.begin(), frames.wall_ms.end());
}

void open_trace(benchmark::State& state) {
  const auto path = trace_of(state.range(0));
  for (auto _ : state) {
    Document document(path);
    document.wait();
  }
}

// From the command to a picture with slices in it, while the rest is still read (goal: 1 s after
// the index).
void first_picture(benchmark::State& state) {
  const auto path = trace_of(state.range(0));
  for (auto _ : state) {
    Document document(path);
    Timeline timeline(document);
    timeline.resize(1920, 1080);
    while (document.data().lanes[0].size() == 0) {
      document.take(std::chrono::milliseconds(20));
    }
    timeline.rows_changed();
    QImage picture(1920, 1080, QImage::Format_RGB32);
    timeline.render(&picture);
    state.PauseTiming();
    document.cancel();
    document.wait();
    state.ResumeTiming();
  }
}

// In from all to a thousandth and out again, panning at every scale.
void pan_and_zoom(benchmark::State& state) {
  View view(state.range(0));
  Frames frames;
  int step = 0;
  for (auto _ : state) {
    const auto start = Clock::now();
    const double cpu_start = cpu_ms();
    if (step % 4 == 3) {
      view.timeline.zoom(step % 240 < 120 ? 0.8 : 1.25);
    } else {
      view.timeline.pan_pixels(step % 8 < 4 ? 37 : -31);
    }
    view.draw();
    frames.wall_ms.push_back(ms_since(start));
    frames.cpu_ms.push_back(cpu_ms() - cpu_start);
    ++step;
  }
  report(state, frames);
}

void hover(benchmark::State& state) {
  View view(state.range(0));
  view.draw();
  Frames frames;
  double x = 300;
  for (auto _ : state) {
    const auto start = Clock::now();
    const double cpu_start = cpu_ms();
    x = x > 1900 ? 300 : x + 7;
    QMouseEvent move(QEvent::MouseMove, QPointF(x, 400), QPointF(x, 400), Qt::NoButton,
                     Qt::NoButton, Qt::NoModifier);
    QApplication::sendEvent(&view.timeline, &move);
    view.draw();
    frames.wall_ms.push_back(ms_since(start));
    frames.cpu_ms.push_back(cpu_ms() - cpu_start);
  }
  report(state, frames);
}

BENCHMARK(open_trace)->Arg(10 * kMillion)->Unit(benchmark::kMillisecond)->Iterations(3);
BENCHMARK(first_picture)->Arg(100 * kMillion)->Unit(benchmark::kMillisecond)->Iterations(3);
BENCHMARK(pan_and_zoom)->Arg(10 * kMillion)->Unit(benchmark::kMillisecond)->Iterations(480);
BENCHMARK(hover)->Arg(10 * kMillion)->Unit(benchmark::kMillisecond)->Iterations(300);
BENCHMARK(pan_and_zoom)->Arg(100 * kMillion)->Unit(benchmark::kMillisecond)->Iterations(480);

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
