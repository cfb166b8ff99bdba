#include "models/kernels/tensor_gpu/sm_steps.h"

#include <algorithm>
#include <cmath>

#include "models/kernels/numbers.h"
#include "sim/compute/units.h"

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;
using compute::Instruction;

namespace {

std::int64_t whole(double rate) { return static_cast<std::int64_t>(rate); }

}  // namespace

std::int64_t alu_cycles(std::int64_t elements, const TensorGpu& gpu) {
  return ceil_div(elements, whole(gpu.alu_rate()));
}

SoftmaxStep softmax_step(std::int64_t scores, const TensorGpu& gpu) {
  const std::int64_t pass = ceil_div(scores, whole(gpu.fp32_rate()));
  const std::int64_t sfu = ceil_div(scores, whole(gpu.sfu_rate()));
  const std::int64_t maximum = alu_cycles(scores, gpu);
  return {maximum + 3 * pass, sfu, maximum + std::max(3 * pass, sfu)};
}

std::int64_t register_conflict(std::int64_t cycles, const TensorGpu& gpu) {
  return std::llround(gpu.register_conflict() * static_cast<double>(cycles));
}

Instruction matrix_instruction(const MatrixStep& step) {
  Instruction mma;
  mma.cycles = narrow(std::max(step.tensor, step.smem) + step.conflict);
  mma.uses = {compute::Use{RESOURCE_TENSOR, narrow(step.tensor)},
              compute::Use{RESOURCE_SMEM, narrow(step.smem)}};
  return mma;
}

Instruction vector_instruction(std::int64_t cycles, std::int64_t fp32, std::int64_t sfu,
                               const TensorGpu& gpu) {
  Instruction step;
  step.cycles = narrow(cycles);
  step.uses = {compute::Use{RESOURCE_VECTOR, narrow(fp32)},
               compute::Use{RESOURCE_SFU, narrow(sfu)}};
  step.operations = narrow(fp32 * whole(gpu.fp32_rate()) + sfu * whole(gpu.sfu_rate()));
  return step;
}

Instruction epilogue_instruction(std::int64_t fp32, std::int64_t bytes, const TensorGpu& gpu) {
  const std::int64_t smem = ceil_div(bytes, whole(gpu.shared_read()));
  Instruction step =
      vector_instruction(std::max(fp32, smem) + gpu.matrix_latency() + gpu.barrier(), fp32, 0, gpu);
  step.local_bytes = narrow(smem * whole(gpu.shared_read()));
  return step;
}

}  // namespace reticle::kernels::tensor_gpu
