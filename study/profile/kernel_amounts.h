#pragma once

#include <cstdint>
#include <vector>

#include "schema/model.pb.h"
#include "workloads/traces/kernel_class.h"
#include "workloads/traces/launch_graph.h"
#include "workloads/traces/recording.h"

namespace reticle::study {

// What a recorded kernel computes, and the bytes of its operands and results: what it moves at
// least.
struct KernelAmount {
  std::uint32_t slice = 0;  // of the recording
  traces::KernelClass kernel_class = traces::KernelClass::kOther;
  double operations = 0;
  double bytes = 0;
};

// Of the kernels whose shapes name, grid and launches give (docs/recordings.md), in the order of
// the graph's tasks. `model` gives widths that grids do not tell; without it (hidden 0) fewer
// kernels are known. Both are 0 for an operator that is several kernels.
std::vector<KernelAmount> kernel_amounts(const traces::Recording& recording,
                                         const traces::LaunchGraph& graph, const Model& model);

}  // namespace reticle::study
