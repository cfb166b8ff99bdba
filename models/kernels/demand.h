#pragma once

#include <string>
#include <vector>

#include "models/chips/machine.h"
#include "models/kernels/work.h"
#include "schema/kernel.pb.h"

namespace reticle::kernels {

// What a run asks of each shared resource, and its dynamic energy by component.
DemandVector demand_of(const compute::TileProgram& program, const chips::RunActivity& activity,
                       const KernelKey& key);

// Adds the kernel that must run before: times, uses and energies sum.
void add_before(DemandVector& demand, const DemandVector& first);

// Inputs that are in L2 at the start. `bench`: operands rotate over six copies, so all are resident
// if six sets fit, else none. `resident`: the named ones, largest last, as far as they fit.
std::vector<std::string> resident_tensors(const std::vector<Tensor>& tensors, const L2State& state,
                                          double capacity);

}  // namespace reticle::kernels
