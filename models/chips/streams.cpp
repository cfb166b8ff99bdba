#include "models/chips/streams.h"

#include <algorithm>

#include "models/chips/stream_run.h"

namespace reticle::chips {

std::vector<TaskSpan> run_streams(const std::vector<StreamTask>& tasks,
                                  const std::vector<Resource>& resources) {
  std::vector<const StreamTask*> pointers;
  pointers.reserve(tasks.size());
  for (const StreamTask& task : tasks) {
    pointers.push_back(&task);
  }
  StreamRun run(std::move(pointers), resources, true);
  std::vector<std::size_t> arrived;
  while (run.next() != StreamRun::kNever) {
    run.advance(run.next(), arrived);
  }
  run.require_done();
  return run.spans();
}

std::vector<std::size_t> critical_path(const std::vector<TaskSpan>& spans) {
  std::vector<std::size_t> path;
  if (spans.empty()) {
    return path;
  }
  const auto last =
      std::max_element(spans.begin(), spans.end(),
                       [](const TaskSpan& a, const TaskSpan& b) { return a.end < b.end; });
  for (std::ptrdiff_t task = last - spans.begin(); task >= 0;
       task = spans[static_cast<std::size_t>(task)].waited_for) {
    path.push_back(static_cast<std::size_t>(task));
  }
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace reticle::chips
