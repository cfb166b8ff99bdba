#pragma once

#include <optional>

#include "models/chips/power.h"
#include "schema/kernel.pb.h"
#include "study/kernel/simulator.h"

namespace reticle::study {

// A kernel repeated back to back, in steady state of clock and temperature, at the clock that the
// power cap allows.
struct GovernedKernel {
  DemandVector demand;  // at the lower of the clocks it alternates between
  std::int64_t launch_ps = 0;
  double seconds = 0;   // of one repetition with its launch
  double clock_hz = 0;  // averaged over time
  double temperature_c = 0;
  double hbm_bytes = 0;
  chips::Joules joules;    // of one repetition, board, clock tree and leakage included
  bool held_down = false;  // by the cap
  bool over_cap = false;   // the lowest clock is still over the cap, or the clock is fixed
};

// On all cores, or on those given. At `cycle`, the clock that `fast` expects is tried first: two
// simulations of a kernel over the cap where it is right, one of a kernel under it.
GovernedKernel governed_kernel(Simulator& simulator, const Operator& op, const L2State& l2,
                               Fidelity fidelity, const std::optional<Cores>& cores = std::nullopt);

}  // namespace reticle::study
