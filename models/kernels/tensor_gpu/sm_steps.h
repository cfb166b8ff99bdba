#pragma once

#include <cstdint>

#include "schema/chip.pb.h"
#include "sim/compute/tile_program.h"

namespace reticle::kernels::tensor_gpu {

// Steps of one SM that several operators take, in cycles.

// A wgmma: multiply-adds beside the shared memory that feeds them; it takes the longer.
struct MatrixStep {
  std::int64_t tensor = 0;
  std::int64_t smem = 0;
  std::int64_t conflict = 0;  // waiting for registers, while a softmax runs beside it
};

// What a softmax of `cycles` costs the tensor core that runs beside it.
std::int64_t register_conflict(std::int64_t cycles, const TensorGpu& gpu);

// One comparison, maximum or selection an element.
std::int64_t alu_cycles(std::int64_t elements, const TensorGpu& gpu);

// Scores of a block to P with the running maximum: the maximum first; then scale-and-subtract, sum
// and conversion (two a lane) run beside exp2.
struct SoftmaxStep {
  std::int64_t fp32 = 0;
  std::int64_t sfu = 0;
  std::int64_t cycles = 0;
};
SoftmaxStep softmax_step(std::int64_t scores, const TensorGpu& gpu);

compute::Instruction matrix_instruction(const MatrixStep& step);
compute::Instruction vector_instruction(std::int64_t cycles, std::int64_t fp32, std::int64_t sfu,
                                        const TensorGpu& gpu);

// Accumulators scaled and converted in `fp32` cycles and written to shared memory for the TMA, once
// the last wgmma has drained.
compute::Instruction epilogue_instruction(std::int64_t fp32, std::int64_t bytes,
                                          const TensorGpu& gpu);

}  // namespace reticle::kernels::tensor_gpu
