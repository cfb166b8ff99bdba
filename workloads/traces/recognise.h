#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "schema/model.pb.h"
#include "schema/operator.pb.h"
#include "workloads/traces/kernel_class.h"
#include "workloads/traces/launch_graph.h"
#include "workloads/traces/recording.h"

namespace reticle::traces {

// How sure the shapes of a recognised kernel are.
enum class Confidence {
  kNone,    // not recognised: only its class is known
  kLow,     // the right operator, its size taken from what is usual around it
  kMedium,  // a dimension follows from kernels before or after it, or from the model alone
  kHigh,    // all dimensions follow from name, grid and block, checked against the model
};
const char* confidence_name(Confidence confidence);

// A block of queries and keys of a backward attention kernel, and their widths; 0: none.
struct BackwardTile {
  std::int64_t queries = 0;
  std::int64_t keys = 0;
  std::int64_t d = 0;
  std::int64_t v = 0;
};

struct RecognisedKernel {
  KernelClass kernel_class = KernelClass::kOther;
  Confidence confidence = Confidence::kNone;
  std::variant<std::monostate, Operator, CollectiveOperator> op;
  double times = 1;        // how many times the operator's work the kernel does
  std::int64_t trips = 1;  // to a list in L2 that each block makes one after the other
  BackwardTile backward;
  Details launch;    // grid, block, registers and shared memory it was launched with
  std::string what;  // "q_b", "expert gate_up weight gradient"; may be empty
};

// What every device task of a launch graph (others: empty) computes, from name, grid, block, shared
// memory and the order of launches; durations are never looked at. `model` gives the widths that
// grids do not tell; without it (hidden 0) fewer shapes can be known. docs/recordings.md has the
// rules.
std::vector<RecognisedKernel> recognise(const Recording& recording, const LaunchGraph& graph,
                                        const Model& model);

}  // namespace reticle::traces
