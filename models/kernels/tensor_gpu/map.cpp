#include "models/kernels/mapping.h"
#include "schema/errors.h"

namespace reticle::kernels {

compute::TileProgram map_tensor_gpu(const Work& /*work*/, const Target& /*target*/) {
  throw UsageError("tensor_gpu: operator not mapped");
}

}  // namespace reticle::kernels
