#pragma once

#include "models/kernels/mapping.h"

namespace reticle::kernels::tensor_gpu {

// Weighted sums of FP32 partial results, in a kernel of its own (FlashAttention-3's and FlashMLA's
// combine kernels): a thread block takes 8 rows, reads the log-sum-exp of their splits, then the
// partial results one after another through a ring of four.
compute::TileProgram combine_program(const CombineWork& work, const Target& target);

}  // namespace reticle::kernels::tensor_gpu
