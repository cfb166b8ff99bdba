#pragma once

#include <vector>

#include "models/kernels/work.h"
#include "schema/chip.pb.h"
#include "schema/kernel.pb.h"
#include "schema/software.pb.h"
#include "sim/compute/tile_program.h"

namespace reticle::kernels {

// What a family's mapping may look at: exactly what is in the kernel key.
struct Target {
  const Chip& chip;
  const KernelVariants& variants;
  Cores cores;
  double clock_hz = 0;          // of the cores; where a choice weighs cycles against memory time
  std::int64_t wave_limit = 0;  // lay out only this many tiles of a GEMM a core; 0: all
  bool sketch = false;          // lay out only the busiest core and those that help it
};

// Operator to tile program, one function a family (models/kernels/davinci,
// models/kernels/tensor_gpu). Tensor numbers in tile keys index `work.tensors`. Throws UsageError
// if the chip has no unit for the type.
compute::TileProgram map_davinci(const Work& work, const Target& target);
compute::TileProgram map_tensor_gpu(const Work& work, const Target& target);

// What a GPU's libraries launch for one Work: itself, for attention also what combines its partial
// results, and the small kernels around it (`software.kernels.side`). In the order they run.
std::vector<Work> launches_tensor_gpu(const Work& work, const Target& target);

}  // namespace reticle::kernels
