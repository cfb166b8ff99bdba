#pragma once

#include "models/kernels/work.h"

namespace reticle::kernels {

// Work of the row-wise operators (rmsnorm swiglu rope quantize topk copy permute unpermute
// softmax). Throws UsageError for any other operator.
Work vector_operator_work(const Operator& op);

// The activation quantisation a gemm with quantize_a=true does first, in a kernel of its own.
Work quantize_work(std::int64_t rows, std::int64_t columns, Dtype dtype);

}  // namespace reticle::kernels
