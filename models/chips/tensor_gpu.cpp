#include "models/chips/family.h"

namespace reticle::chips {

using compute::QueueKind;

// Hopper class: every SM has a TMA load queue, tensor cores, CUDA cores (with SFU), a store queue,
// and the loads of the warps that compute. Requests of an SM are in flight together, as many as its
// buffers hold.
MachineSpec tensor_gpu(const Chip& chip, double clock_hz) {
  const TensorGpu& gpu = chip.tensor_gpu();
  const compute::CoreSpec sm = {
      clock_hz,
      {{"tma", QueueKind::kLoad, gpu.l2_read() * clock_hz, gpu.tma_latency(), 0, true},
       {"tensor_core", QueueKind::kUnit, 0, 0},
       {"cuda_cores", QueueKind::kUnit, 0, 0},
       {"tma_store", QueueKind::kStore, gpu.l2_write() * clock_hz, 0, 0, true},
       {"warp_load", QueueKind::kLoad, gpu.l2_read() * clock_hz, 0, 0, true}}};
  return {{{"sm", gpu.sms(), sm}},
          l2_spec(chip, clock_hz),
          hbm_spec(chip),
          engine::seconds_to_ps(gpu.grid_sync())};
}

}  // namespace reticle::chips
