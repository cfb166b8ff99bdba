#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "models/chips/power.h"
#include "models/kernels/fast_model.h"
#include "models/kernels/kernel_model.h"
#include "models/kernels/store.h"
#include "schema/kernel.pb.h"

namespace reticle::study {

// Kernels of one chip under one software stack: from the store, or simulated and put there. At
// `fast` they are computed each time, which takes less than the store would.
class Simulator {
 public:
  // Elaborates the chip, at `cycle`: make all of a run's simulators before asking the first for a
  // result. `label` must differ between them. `before_kernel` is called before each simulation, and
  // may throw to end the run there. UsageError for a chip that `cycle` cannot simulate.
  Simulator(
      const std::string& label, const Chip& chip, const Software& software, Fidelity fidelity,
      kernels::Store& store, std::function<void()> before_kernel = [] {});

  // Throws UsageError for an operator, type or number of cores the chip cannot run, and for
  // operands that its memory cannot hold.
  DemandVector demand(const Operator& op, const Cores& cores, const L2State& l2, double clock_hz);
  DemandVector demand_alone(const Operator& op, const L2State& l2, double clock_hz);
  // At the highest clock, power cap or not.
  DemandVector demand(const Operator& op, const Cores& cores, const L2State& l2) {
    return demand(op, cores, l2, power_.curve.max_clock_hz);
  }
  DemandVector demand_alone(const Operator& op, const L2State& l2) {
    return demand_alone(op, l2, power_.curve.max_clock_hz);
  }

  // The same at `fast`, whatever the simulator's fidelity.
  DemandVector fast(const Operator& op, const Cores& cores, const L2State& l2, double clock_hz);

  // Adds what waiting behind other kernels costs it, as `fast` sees it at the rated clock.
  void add_response(DemandVector& demand, const Operator& op, const Cores& cores,
                    const L2State& l2);

  // Simulates the operator on all cores, store or not, and records every instruction of every queue
  // of every core as .rtrace. OutputError if the file cannot be written.
  void trace(const Operator& op, const L2State& l2, double clock_hz,
             const std::filesystem::path& file);

  // Statistics of every component, from a run of its own.
  engine::Statistics statistics(const Operator& op, const L2State& l2, double clock_hz);

  const Chip& chip() const { return chip_; }
  Fidelity fidelity() const { return fidelity_; }
  const power::ChipSpec& power() const { return power_; }
  const Software& software() const { return software_; }

 private:
  kernels::KernelModel& machine(const std::string& wanted);
  KernelKey key(const Operator& op, const Cores& cores, const L2State& l2, double clock_hz) const;

  Chip chip_;
  power::ChipSpec power_;
  Software software_;
  Fidelity fidelity_;
  kernels::FastModel fast_;
  std::map<std::string, DemandVector> responses_;  // by operator, cores and state of L2
  std::optional<kernels::KernelModel> model_;      // at `cycle`
  kernels::Store& store_;
  std::function<void()> before_kernel_;
};

}  // namespace reticle::study
