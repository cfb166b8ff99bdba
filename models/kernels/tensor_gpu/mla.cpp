#include "models/kernels/tensor_gpu/programs.h"
#include "schema/errors.h"

namespace reticle::kernels::tensor_gpu {

compute::TileProgram mla_program(const Work& /*work*/, const Target& /*target*/) {
  throw UsageError("tensor_gpu: mla_decode not mapped");
}

}  // namespace reticle::kernels::tensor_gpu
