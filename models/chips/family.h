#pragma once

#include "models/chips/machine.h"
#include "schema/chip.pb.h"

namespace reticle::chips {

// Memory part of a composition, the same for every family: per-clock rates become rates at
// `clock_hz`.
memory::L2Spec l2_spec(const Chip& chip, double clock_hz);
memory::HbmSpec hbm_spec(const Chip& chip);
memory::DramSpec dram_spec(const Hbm& hbm);  // one channel, from `hbm.timing`

// The family's composition: what a chip of it is made of.
MachineSpec davinci(const Chip& chip, double clock_hz);
MachineSpec tensor_gpu(const Chip& chip, double clock_hz);
MachineSpec machine_spec(const Chip& chip, double clock_hz);

// Queues of a DaVinci cube core, vector core, and of an SM, in the order of the programs.
enum CubeQueue { kMte2, kMte1, kCube, kFixPipe, kCubeQueues };
enum VectorQueue { kMte2Vector, kVector, kMte3, kVectorQueues };
enum SmQueue { kTma, kTensorCore, kCudaCores, kTmaStore, kWarpLoad, kSmQueues };

}  // namespace reticle::chips
