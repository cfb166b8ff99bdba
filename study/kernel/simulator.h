#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "models/kernels/kernel_model.h"
#include "models/kernels/store.h"
#include "schema/kernel.pb.h"

namespace reticle::study {

// Kernels of one chip under one software stack: from the store, or simulated and put there.
class Simulator {
 public:
  // Elaborates the chip: make all of a run's simulators before asking the first for a result.
  // `label` must differ between them. `before_kernel` is called before each simulation, and may
  // throw to end the run there. UsageError for a fidelity that is not there yet.
  Simulator(
      const std::string& label, const Chip& chip, const Software& software, Fidelity fidelity,
      kernels::Store& store, std::function<void()> before_kernel = [] {});

  // Throws UsageError for an operator, type or number of cores the chip cannot run, and for
  // operands that its memory cannot hold.
  DemandVector demand(const Operator& op, const Cores& cores, const L2State& l2);
  DemandVector demand_alone(const Operator& op, const L2State& l2);

  // Simulates the operator on all cores, store or not, and records every instruction of every queue
  // of every core as .rtrace. OutputError if the file cannot be written.
  void trace(const Operator& op, const L2State& l2, const std::filesystem::path& file);

  // Statistics of every component, from a run of its own.
  engine::Statistics statistics(const Operator& op, const L2State& l2);

  const Chip& chip() const { return chip_; }
  const Software& software() const { return software_; }

 private:
  Chip chip_;
  Software software_;
  Fidelity fidelity_;
  kernels::KernelModel model_;
  kernels::Store& store_;
  std::function<void()> before_kernel_;
};

}  // namespace reticle::study
