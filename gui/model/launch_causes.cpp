#include <algorithm>

#include "gui/model/causes.h"
#include "study/trace/recorded_replay.h"
#include "workloads/traces/kernel_class.h"
#include "workloads/traces/launch_graph.h"

namespace reticle::gui {
namespace {

using traces::kNone;
using traces::LaunchTask;

class FromLaunches {
 public:
  FromLaunches(const traces::Recording& recording, const traces::LaunchGraph& graph,
               const std::vector<SliceKey>& keys)
      : in_(recording),
        keys_(keys),
        graph_(graph),
        replay_(study::replay_recorded(recording, graph_)) {}

  Causes run(std::size_t lanes) {
    out_.gaps.resize(lanes);
    for (std::uint32_t i = 0; i < graph_.tasks.size(); ++i) {
      if (graph_.tasks[i].device && graph_.tasks[i].before != kNone) {
        gap_before(i);
      }
    }
    path();
    return std::move(out_);
  }

 private:
  std::int64_t start(std::uint32_t task) const {
    return in_.slices.start_ps[graph_.tasks[task].slice];
  }
  std::int64_t end(std::uint32_t task) const { return in_.slices.end_ps(graph_.tasks[task].slice); }

  void gap_before(std::uint32_t i) {
    const LaunchTask& task = graph_.tasks[i];
    const std::int64_t from = end(task.before);
    const std::int64_t to = start(i);
    if (to <= from) {
      return;
    }
    const std::uint32_t held_by = replay_.times[i].held_by;
    std::vector<Gap>& gaps = out_.gaps[keys_[task.slice].lane];
    std::int64_t until = from;
    std::optional<SliceKey> holder;
    if (held_by != kNone && held_by != task.before) {
      const bool device = graph_.tasks[held_by].device;
      holder = keys_[graph_.tasks[held_by].slice];
      until = std::clamp(device ? end(held_by) : start(held_by), from, to);
      if (until > from) {
        gaps.push_back(
            {{from, until}, device ? device_reason(held_by) : WaitReason::kHost, holder});
      }
    }
    if (to > until) {
      gaps.push_back({{until, to}, WaitReason::kLaunch, holder});
    }
  }

  WaitReason device_reason(std::uint32_t task) const {
    const std::uint32_t slice = graph_.tasks[task].slice;
    return traces::is_communication(
               traces::kernel_class(in_.name(slice), in_.slices.category[slice]))
               ? WaitReason::kCommunication
               : WaitReason::kCompute;
  }

  // A call is on the path until what it launched has started.
  void path() {
    const std::vector<std::uint32_t> tasks = study::critical_path(replay_.times);
    std::int64_t covered = tasks.empty() ? 0 : start(tasks.front());
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      std::int64_t to = end(tasks[i]);
      if (!graph_.tasks[tasks[i]].device && i + 1 < tasks.size()) {
        to = std::min(to, start(tasks[i + 1]));
      }
      const TimeRange range{std::max(start(tasks[i]), covered), to};
      if (range.length_ps() > 0) {
        out_.path.push_back({keys_[graph_.tasks[tasks[i]].slice], range});
        covered = to;
      }
    }
  }

  const traces::Recording& in_;
  const std::vector<SliceKey>& keys_;
  const traces::LaunchGraph& graph_;
  study::RecordedReplay replay_;
  Causes out_;
};

}  // namespace

Causes causes_from_launches(const Contents& contents, const traces::Recording& recording,
                            const traces::LaunchGraph& graph, const std::vector<SliceKey>& keys) {
  return FromLaunches(recording, graph, keys).run(contents.data.lanes.size());
}

}  // namespace reticle::gui
