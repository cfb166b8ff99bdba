#include "bench/viewer_traces.h"

#include <random>
#include <string>
#include <vector>

#include "sim/trace/recorder.h"

namespace reticle::bench {
namespace {

constexpr int kNames = 50;

}  // namespace

std::filesystem::path random_trace(std::int64_t slices) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("viewer-bench-" + std::to_string(slices) + ".rtrace");
  if (std::filesystem::exists(path)) {
    return path;
  }
  trace::Recorder out(path);
  std::vector<trace::StringId> names;
  for (int i = 0; i < kNames; ++i) {
    names.push_back(out.string("operator " + std::to_string(i)));
  }
  std::mt19937 random(1);
  for (int i = 0; i < kTracks; ++i) {
    const auto track =
        out.add_track(trace::kNoTrack, "core " + std::to_string(i), rtrace::TRACK_KIND_CORE);
    std::int64_t time_ps = 0;
    for (std::int64_t s = 0; s < slices / kTracks; ++s) {
      const std::int64_t duration_ps = 1 + random() % 800'000;
      out.slice(track, names[random() % kNames], time_ps, duration_ps);
      time_ps += duration_ps + random() % 200'000;
    }
  }
  out.finish();
  return path;
}

}  // namespace reticle::bench
