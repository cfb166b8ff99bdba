#include "models/chips/family.h"

namespace reticle::chips {

using compute::QueueKind;

// Arch 2201: cube (AIC) and vector (AIV) cores with queues of their own, meeting only in L2.
MachineSpec davinci(const Chip& chip, double clock_hz) {
  const Davinci& core = chip.davinci();
  const engine::Cycles issue = core.mte_issue();
  const compute::CoreSpec cube = {
      clock_hz,
      {{"mte2", QueueKind::kLoad, core.mte2_cube() * clock_hz, 0, issue},
       {"mte1", QueueKind::kUnit},
       {"cube", QueueKind::kUnit},
       {"fixpipe", QueueKind::kStore, core.fixpipe() * clock_hz, 0, issue}}};
  const compute::CoreSpec vector = {
      clock_hz,
      {{"mte2", QueueKind::kLoad, core.mte2_vector() * clock_hz, 0, issue},
       {"vector", QueueKind::kUnit},
       {"mte3", QueueKind::kStore, core.mte3() * clock_hz, 0, issue}}};
  return {{{"aic", core.cube_cores(), cube}, {"aiv", core.vector_cores(), vector}},
          l2_spec(chip, clock_hz),
          hbm_spec(chip),
          engine::seconds_to_ps(core.cross_core_flag())};
}

}  // namespace reticle::chips
