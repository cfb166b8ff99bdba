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

// Leaves out the energy of matrix operations beyond the algorithm's: they multiply the zeros that
// pad rows and columns, and zeros toggle nothing (all-zero GEMMs burn a half to a third,
// shared/reference/hardware.md 2.3 and 5).
void drop_padding(DemandVector& demand);

// Takes what waiting costs a kernel (ResourceUse.response) from its demand vector at another
// fidelity or clock, in proportion to its time.
void take_response(DemandVector& demand, const DemandVector& other);

// Adds the next kernel of the same operator: times, uses, energies and matrix operations sum.
void append(DemandVector& demand, const DemandVector& next);

// Between two demands of the same operator, a share of the way from `low` to `high`.
DemandVector interpolate(DemandVector low, const DemandVector& high, double share);

// Sets of operands that the benchmarks behind the measured tables use in turn, and operators in one
// replay of their graph: six, of attention one.
double operands_rotated(const Operator& op);

// The state of L2 as an operator of these kernels meets it. `bench`: operands rotate over `copies`
// copies, so all are resident if that many sets of all kernels fit, else it is as `cold`.
L2State start_state(const std::vector<Work>& kernels, const L2State& state, double copies,
                    double capacity);

// Share of what fills L2 at the start of a repetition that is still to be written to HBM: with
// `bench`, operands that do not stay in L2 leave as much dirty as they write.
double dirty_share(const std::vector<Work>& kernels, const L2State& state, double copies,
                   const L2& l2);

// Inputs that are in L2 at the start, as far as they fit: what the kernel before left, then with
// `bench` all, with `resident` the named ones, largest last.
std::vector<std::string> resident_tensors(const std::vector<Tensor>& tensors, const L2State& state,
                                          double capacity);

}  // namespace reticle::kernels
