#include "models/kernels/kernel_runs.h"

#include <algorithm>

#include "models/kernels/demand.h"
#include "models/kernels/kernel_key.h"
#include "schema/config/canonical.h"
#include "schema/errors.h"

namespace reticle::kernels {

namespace {

std::vector<Work> kernels_on(const Operator& op, const Target& target) {
  if (target.chip.family() != FAMILY_TENSOR_GPU) {
    return kernels_of(op);
  }
  std::vector<Work> kernels;
  for (const Work& work : kernels_of(op)) {
    const std::vector<Work> launched = launches_tensor_gpu(work, target);
    kernels.insert(kernels.end(), launched.begin(), launched.end());
  }
  return kernels;
}

KernelStart start_of(const Work& work, const L2State& state, double dirty_share, double capacity) {
  KernelStart start;
  start.resident = resident_tensors(work.tensors, state, capacity);
  start.leftover = {dirty_share > 0 ? capacity : 0, dirty_share};
  for (const Tensor& tensor : work.tensors) {
    const bool resident = std::find(start.resident.begin(), start.resident.end(), tensor.name) !=
                          start.resident.end();
    start.leftover.bytes -= resident ? tensor.bytes : 0;
  }
  return start;
}

}  // namespace

std::vector<KernelRun> kernel_runs(const Operator& op, const L2State& l2, const Target& target) {
  const std::vector<Work> kernels = kernels_on(op, target);
  const double capacity = target.chip.l2().capacity();
  const double copies = operands_rotated(op);
  const L2State state = start_state(kernels, l2, copies, capacity);
  const double dirty = dirty_share(kernels, l2, copies, target.chip.l2());
  std::vector<KernelRun> runs;
  for (const Work& work : kernels) {
    runs.push_back({work, start_of(work, state, dirty, capacity)});
  }
  return runs;
}

DemandVector sum_of(const std::vector<KernelRun>& runs,
                    const std::function<DemandVector(const KernelRun&)>& demand_of_one) {
  const bool matrix =
      std::any_of(runs.begin(), runs.end(), [](const KernelRun& run) { return !run.work.vector; });
  DemandVector demand;
  for (const KernelRun& run : runs) {
    DemandVector one = demand_of_one(run);
    drop_padding(one);
    if (matrix && run.work.vector) {
      one.set_operations(0);
      one.clear_variant();
    }
    if (demand.kernels() == 0) {
      demand = one;
    } else {
      append(demand, one);
    }
  }
  return demand;
}

compute::TileProgram map(const Work& work, const Target& target) {
  return target.chip.family() == FAMILY_DAVINCI ? map_davinci(work, target)
                                                : map_tensor_gpu(work, target);
}

void check_cores(const Cores& wanted, const Chip& chip) {
  const Cores all = all_cores(chip);
  if (wanted.matrix() > all.matrix() || wanted.vector() > all.vector()) {
    throw UsageError("cores " + std::to_string(wanted.matrix()) + "/" +
                     std::to_string(wanted.vector()) + " (matrix/vector) asked for, the chip has " +
                     std::to_string(all.matrix()) + "/" + std::to_string(all.vector()));
  }
}

Chip visible_to_kernels(const Chip& chip) {
  Chip left = chip;
  config::strip_outside_kernel_key(left);
  left.set_clock(chip.clock());
  return left;
}

}  // namespace reticle::kernels
