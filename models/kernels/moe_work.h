#pragma once

#include <vector>

#include "models/kernels/work.h"

namespace reticle::kernels {

// The kernels of a MoE layer on rank 0 (design section 5): top-k, permute, quantise (where the type
// carries scales), grouped GEMM of gate and up, swiglu, grouped GEMM down, unpermute with the
// weighted sum. Experts without a row are not touched. UsageError where ranks do not divide experts
// or their width, or no row reaches the rank.
std::vector<Work> moe_kernels(const Moe& op);

}  // namespace reticle::kernels
