#pragma once

#include <functional>
#include <string>

#include "models/chips/machine.h"
#include "models/kernels/extrapolation.h"
#include "models/kernels/kernel_runs.h"
#include "models/kernels/mapping.h"
#include "models/kernels/program_memo.h"
#include "models/kernels/work.h"
#include "schema/kernel.pb.h"

namespace reticle::kernels {

// Simulates kernels on one elaborated chip at `cycle` fidelity. Make one for every chip before the
// first run: SystemC elaborates once a process.
class KernelModel {
 public:
  // `name` only labels SystemC modules; chip and its software are what keys must carry.
  // Kernels of more tile steps than `step_budget` are simulated in part and extrapolated.
  KernelModel(const std::string& name, const Chip& chip, std::int64_t step_budget = kStepBudget);

  // The key's result: a pure function of it. Throws UsageError for operators or types the chip
  // cannot run and for more cores than it has, std::logic_error for a key of another chip.
  DemandVector run(const KernelKey& key);

  // The same, watched: `slice` sees every instruction of the kernel (of the last that multiplies,
  // where a key takes several) with the queue's name and what it works on: a tensor it moves, or a
  // resource.
  struct Slice {
    std::string queue;
    std::string what;
    engine::Ps start = 0;
    engine::Ps end = 0;
    std::uint32_t bytes = 0;
    std::uint32_t operations = 0;
  };
  void watch(const KernelKey& key, const std::function<void(const Slice&)>& slice);

  // Statistics of every component after the last run.
  engine::Statistics statistics() const { return machine_.statistics(); }

  const Chip& chip() const { return chip_; }

 private:
  void set_clock(double clock_hz);
  Target target(const KernelKey& key) const;
  DemandVector run_one(const KernelRun& run, const KernelKey& key);
  DemandVector run_waves(const KernelRun& run, const KernelKey& key);
  DemandVector simulate(const KernelRun& run, const KernelKey& key, std::int64_t wave_limit);

  Chip chip_;  // stripped, as in the key
  double clock_hz_;
  chips::Machine machine_;
  std::int64_t step_budget_;
  ProgramMemo programs_;
};

}  // namespace reticle::kernels
