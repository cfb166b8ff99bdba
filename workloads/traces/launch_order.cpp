#include "workloads/traces/launch_order.h"

#include <algorithm>

namespace reticle::traces {

LaunchOrder::LaunchOrder(const Recording& recording, const LaunchGraph& graph) {
  names_.reserve(recording.strings.size());
  for (std::uint32_t id = 0; id < recording.strings.size(); ++id) {
    names_.emplace_back(recording.strings.text(id));
  }
  for (std::uint32_t i = 0; i < graph.tasks.size(); ++i) {
    const LaunchTask& task = graph.tasks[i];
    if (task.device) {
      kernels_.push_back({i, task.launch == kNone ? kNone : graph.tasks[task.launch].lane,
                          &names_[recording.slices.name[task.slice]],
                          &recording.details[recording.slices.details[task.slice]],
                          recording.slices.category[task.slice]});
    }
  }
  const auto launched = [&](const LaunchedKernel& k) {
    const LaunchTask& task = graph.tasks[k.task];
    return recording.slices
        .start_ps[task.launch == kNone ? task.slice : graph.tasks[task.launch].slice];
  };
  std::stable_sort(
      kernels_.begin(), kernels_.end(),
      [&](const LaunchedKernel& a, const LaunchedKernel& b) { return launched(a) < launched(b); });
}

}  // namespace reticle::traces
