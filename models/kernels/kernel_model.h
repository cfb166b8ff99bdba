#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/chips/machine.h"
#include "models/kernels/extrapolation.h"
#include "models/kernels/mapping.h"
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
  // What is in L2 when a kernel starts.
  struct Start {
    std::vector<std::string> resident;
    memory::Leftover leftover;
  };
  Start start_of(const Work& work, const L2State& state, double dirty_share) const;
  DemandVector run_one(const Work& work, const Start& start, const KernelKey& key);
  DemandVector run_waves(const Work& work, const KernelKey& key, const Start& start);
  struct Simulated {
    DemandVector demand;
    double waves = 0;
  };
  Simulated simulate(const Work& work, const KernelKey& key, const Start& start,
                     std::int64_t wave_limit);
  void recall(const KernelKey& key);
  const compute::TileProgram& next_program(const Work& work, const Target& target);

  Chip chip_;  // stripped, as in the key
  double clock_hz_;
  chips::Machine machine_;
  std::int64_t step_budget_;
  // Programs of the last operator, in the order they run: the same at every clock, and a governor
  // asks for several. What would take too much memory is not kept and made again.
  std::string programs_of_;
  std::vector<std::optional<compute::TileProgram>> programs_;
  compute::TileProgram passing_;
  std::size_t next_program_ = 0;
  std::size_t kept_ = 0;  // instructions
};

}  // namespace reticle::kernels
