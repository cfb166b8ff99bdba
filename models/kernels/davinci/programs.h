#pragma once

#include "models/kernels/mapping.h"

namespace reticle::kernels::davinci {

// Each returns the cores' queues, the number of shared flags, the variant, and in `tensors` only
// the workspaces it adds: their numbers follow those of work.tensors, which map_davinci puts in
// front.

// gemm, batched_gemm and grouped_gemm on the cube cores; with dequantisation on vector cores where
// the variant says so. Throws UsageError if the chip has no unit for the type.
compute::TileProgram gemm_program(const Work& work, const Target& target);

// Attention on cube and vector cores, which exchange scores, probabilities and outputs through L2:
// the absorbed MLA core in the variant of `software`, and plain attention (causal or not). Throws
// UsageError as attention_plan.
compute::TileProgram attention_program(const Work& work, const Target& target);

// Row-wise vector operators on the AIV cores.
compute::TileProgram vector_program(const Work& work, const Target& target);

}  // namespace reticle::kernels::davinci
