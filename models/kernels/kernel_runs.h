#pragma once

#include <functional>
#include <string>
#include <vector>

#include "models/kernels/mapping.h"
#include "models/kernels/work.h"
#include "schema/kernel.pb.h"
#include "sim/memory/tile_cache.h"

namespace reticle::kernels {

// What is in L2 when a kernel starts.
struct KernelStart {
  std::vector<std::string> resident;
  memory::Leftover leftover;
};

// One kernel of an operator, and what it finds.
struct KernelRun {
  Work work;
  KernelStart start;
};

// All kernels of an operator, in the order they run.
std::vector<KernelRun> kernel_runs(const Operator& op, const L2State& l2, const Target& target);

// The operator's demand from those of its kernels: they sum; operations and tilings are those of
// the matrix kernels, where there are any.
DemandVector sum_of(const std::vector<KernelRun>& runs,
                    const std::function<DemandVector(const KernelRun&)>& demand_of_one);

// The family's tile program.
compute::TileProgram map(const Work& work, const Target& target);

// Throws UsageError if more cores are wanted than the chip has.
void check_cores(const Cores& wanted, const Chip& chip);

// The chip as kernels see it: what make_key() puts into a key.
Chip visible_to_kernels(const Chip& chip);

}  // namespace reticle::kernels
