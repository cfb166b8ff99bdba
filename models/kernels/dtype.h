#pragma once

#include "schema/operator.pb.h"

namespace reticle::kernels {

// Bytes of one element in memory, scales apart.
double element_bytes(Dtype dtype);

// Whether a GEMM of this type carries scales that must be applied to its sums.
bool is_quantised(Dtype dtype);

// Bytes of scales that go with `rows` x `columns` activations: FP32, one a row, or one a 128-wide
// block.
double activation_scale_bytes(Dtype dtype, double rows, double columns);

// The type the matrix unit sees (fp8_block multiplies as fp8).
Dtype matrix_dtype(Dtype dtype);

}  // namespace reticle::kernels
