#pragma once

#include <cstdint>
#include <vector>

#include "workloads/traces/kernel_text.h"
#include "workloads/traces/launch_graph.h"
#include "workloads/traces/recording.h"

namespace reticle::traces {

// A kernel as recognition sees it: no time in it.
struct LaunchedKernel {
  std::uint32_t task = 0;
  std::uint32_t thread = kNone;  // lane that launched it
  const KernelText* name = nullptr;
  const Details* details = nullptr;
  Category category = Category::kKernel;
};

// The device tasks of a recording in order of launch.
class LaunchOrder {
 public:
  LaunchOrder(const Recording& recording, const LaunchGraph& graph);
  const std::vector<LaunchedKernel>& kernels() const { return kernels_; }

 private:
  std::vector<KernelText> names_;  // by text id
  std::vector<LaunchedKernel> kernels_;
};

}  // namespace reticle::traces
