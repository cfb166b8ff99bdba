#pragma once

#include "models/kernels/mapping.h"

namespace reticle::kernels::tensor_gpu {

// gemm, batched_gemm and grouped_gemm: persistent thread blocks over output tiles.
compute::TileProgram gemm_program(const Work& work, const Target& target);

// Absorbed MLA core as FlashMLA of April 2025 schedules it.
compute::TileProgram mla_program(const Work& work, const Target& target);

// Attention with keys and values of their own, as FlashAttention-3 schedules it: prefill with
// causal blocks skipped, decode with query heads packed and long contexts split.
compute::TileProgram attention_program(const Work& work, const Target& target);

// Row-wise vector operators.
compute::TileProgram vector_program(const Work& work, const Target& target);

// Rate of the tensor core for operands of this type. Throws UsageError naming the type if it has
// none.
const MatrixRate& matrix_rate(const TensorGpu& gpu, Dtype dtype);

}  // namespace reticle::kernels::tensor_gpu
