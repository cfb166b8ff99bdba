#pragma once

#include <optional>

#include "models/chips/machine.h"
#include "models/kernels/kernel_runs.h"
#include "models/kernels/program_memo.h"
#include "schema/kernel.pb.h"
#include "schema/software.pb.h"
#include "sim/memory/dram_service.h"

namespace reticle::kernels {

// Kernels at `fast` fidelity: the same operators, tilings and tile programs as at `cycle`, but only
// the busiest core is laid out and walked in closed form, before a memory that all cores share
// alike; a GEMM's first tiles stand for the rest. Nothing is fitted: every number is one of the
// chip's. Needs no elaboration, so it can be made at any time.
class FastModel {
 public:
  explicit FastModel(const Chip& chip);

  // As KernelModel::run, of a key with these parts. Throws UsageError where that would. `wait`:
  // of every request to HBM, behind those of other kernels.
  DemandVector run(const Operator& op, const Cores& cores, const L2State& l2,
                   const KernelVariants& variants, double clock_hz, engine::Ps wait = 0);

  // The same with what such waits cost the kernel (ResourceUse.response of HBM), up to eight
  // latencies of HBM.
  DemandVector run_with_response(const Operator& op, const Cores& cores, const L2State& l2,
                                 const KernelVariants& variants, double clock_hz);

 private:
  // What a kernel moves in all, and the memory its cores see.
  struct Traffic;
  DemandVector run_one(const KernelRun& run, const Target& target);
  DemandVector walk(const KernelRun& run, const Target& target);
  chips::RunActivity walked(const compute::TileProgram& program, const Traffic& traffic,
                            double& extrapolated) const;
  Traffic traffic_of(const compute::TileProgram& program, const KernelRun& run);
  double hbm_rate(double request_bytes, double write_share);
  const compute::CoreSpec& core_spec(std::uint32_t core) const;
  void set_clock(double clock_hz);

  KernelKey site_;  // chip, cores and clock of the kernel at hand
  chips::MachineSpec spec_;
  std::optional<memory::DramService> dram_;
  ProgramMemo programs_;
};

}  // namespace reticle::kernels
