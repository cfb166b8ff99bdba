#include "study/trace/recorded_replay.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace reticle::study {
namespace {

using traces::kNone;
using traces::LaunchTask;

// Profilers round starts and durations to the microsecond each.
constexpr std::int64_t kRoundingPs = 2000000;

class Replay {
 public:
  Replay(const traces::Recording& recording, const traces::LaunchGraph& graph,
         const std::vector<double>& stretch)
      : slices_(recording.slices), graph_(graph), stretch_(stretch) {}

  RecordedReplay run() {
    out_.times.resize(graph_.tasks.size());
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    std::int64_t last = 0;
    for (std::uint32_t i = 0; i < graph_.tasks.size(); ++i) {
      const LaunchTask& task = graph_.tasks[i];
      out_.times[i] = task.synchronises ? synchronise(i) : place(i);
      first = std::min(first, slices_.start_ps[task.slice]);
      last = std::max(last, slices_.end_ps(task.slice));
    }
    out_.recorded_ps = std::max<std::int64_t>(last - first, 0);
    out_.simulated_ps = span();
    return std::move(out_);
  }

 private:
  std::int64_t recorded_start(std::uint32_t i) const {
    return slices_.start_ps[graph_.tasks[i].slice];
  }
  std::int64_t recorded_end(std::uint32_t i) const { return slices_.end_ps(graph_.tasks[i].slice); }

  // What task i waits for, last: in the recording, in the replay, and which task it is there.
  struct Ready {
    std::int64_t recorded_ps = 0;
    std::int64_t replayed_ps = 0;
    std::uint32_t by = kNone;
  };

  static void later(Ready& ready, std::int64_t recorded, std::int64_t replayed, std::uint32_t by) {
    ready.recorded_ps = std::max(ready.recorded_ps, recorded);
    if (ready.by == kNone || replayed > ready.replayed_ps) {
      ready.replayed_ps = replayed;
      ready.by = by;
    }
  }

  Ready ready(std::uint32_t i, bool with_waits) {
    const LaunchTask& task = graph_.tasks[i];
    Ready out;
    if (task.before != kNone) {
      later(out, recorded_end(task.before), out_.times[task.before].end_ps, task.before);
    }
    if (task.launch != kNone) {
      later(out, recorded_start(task.launch), out_.times[task.launch].start_ps, task.launch);
    }
    for (std::uint32_t w = 0; with_waits && w < task.waits; ++w) {
      const std::uint32_t other = graph_.waits[task.first_wait + w];
      if (recorded_end(other) > recorded_start(i) + kRoundingPs) {
        ++out_.contradicted;
      } else {
        later(out, recorded_end(other), out_.times[other].end_ps, other);
      }
    }
    return out;
  }

  TaskTime place(std::uint32_t i) {
    const Ready from = ready(i, true);
    const std::int64_t lead = from.by == kNone
                                  ? recorded_start(i)
                                  : std::max<std::int64_t>(recorded_start(i) - from.recorded_ps, 0);
    TaskTime time;
    time.start_ps = from.replayed_ps + lead;
    time.end_ps = time.start_ps + duration(i);
    time.held_by = from.by;
    return time;
  }

  // Starts when its thread gets there, ends as long after what it waits for as in the recording.
  TaskTime synchronise(std::uint32_t i) {
    const Ready from = ready(i, false);
    TaskTime time;
    time.held_by = from.by;
    time.start_ps =
        from.replayed_ps + std::max<std::int64_t>(recorded_start(i) - from.recorded_ps, 0);
    std::int64_t recorded = recorded_start(i);
    std::int64_t replayed = time.start_ps;
    const LaunchTask& task = graph_.tasks[i];
    for (std::uint32_t w = 0; w < task.waits; ++w) {
      const std::uint32_t other = graph_.waits[task.first_wait + w];
      if (recorded_end(other) > recorded_end(i) + kRoundingPs) {
        ++out_.contradicted;
        continue;
      }
      recorded = std::max(recorded, recorded_end(other));
      if (out_.times[other].end_ps > replayed) {
        replayed = out_.times[other].end_ps;
        time.held_by = other;
      }
    }
    time.end_ps = replayed + std::max<std::int64_t>(recorded_end(i) - recorded, 0);
    return time;
  }

  std::int64_t duration(std::uint32_t i) const {
    const std::int64_t recorded = slices_.duration_ps[graph_.tasks[i].slice];
    return stretch_.empty() ? recorded : std::llround(static_cast<double>(recorded) * stretch_[i]);
  }

  std::int64_t span() const {
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    std::int64_t last = 0;
    for (const TaskTime& time : out_.times) {
      first = std::min(first, time.start_ps);
      last = std::max(last, time.end_ps);
    }
    return std::max<std::int64_t>(last - first, 0);
  }

  const traces::Slices& slices_;
  const traces::LaunchGraph& graph_;
  const std::vector<double>& stretch_;
  RecordedReplay out_;
};

}  // namespace

RecordedReplay replay_recorded(const traces::Recording& recording, const traces::LaunchGraph& graph,
                               const std::vector<double>& stretch) {
  return Replay(recording, graph, stretch).run();
}

std::vector<std::uint32_t> critical_path(const std::vector<TaskTime>& times) {
  std::vector<std::uint32_t> path;
  if (times.empty()) {
    return path;
  }
  const auto last =
      std::max_element(times.begin(), times.end(),
                       [](const TaskTime& a, const TaskTime& b) { return a.end_ps < b.end_ps; });
  for (auto task = static_cast<std::uint32_t>(last - times.begin()); task != kNone;
       task = times[task].held_by) {
    path.push_back(task);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace reticle::study
