#pragma once

#include <cstdint>

#include "schema/operator.pb.h"

namespace reticle {

// What follows from an element type, said once. An unset type is a std::logic_error.

// Bytes of one element in memory, scales apart; half a byte for the 4-bit types.
double element_bytes(Dtype dtype);

// Bytes of so many elements, exactly; an odd number of 4-bit ones takes its last byte whole.
std::int64_t data_bytes(std::int64_t elements, Dtype dtype);

// Whether values carry scales: every type of a byte or less. Activations that come out of a bf16
// operator are quantised first, and a GEMM's sums are scaled.
bool is_quantized(Dtype dtype);

// Whether both operands carry a one-byte scale every 16 or 32 elements along k (nvfp4, mxfp4).
bool has_micro_scales(Dtype dtype);

// Bytes of scales that go with `rows` x `columns` activations: FP32, one a row, or one a 128-wide
// block (fp8_block); one byte for 16 (nvfp4) or 32 (mxfp4) elements.
double activation_scale_bytes(Dtype dtype, double rows, double columns);

// Bytes of a weight matrix of n outputs and k inputs: the elements plus FP32 scales, one a 128 x
// 128 block (fp8_block: `weight_block_size` of the published config.json) or one an output; for the
// 4-bit floating types as activations.
std::int64_t weight_bytes(std::int64_t n, std::int64_t k, Dtype dtype);

// The type the matrix unit sees (fp8_block multiplies as fp8).
Dtype matrix_dtype(Dtype dtype);

}  // namespace reticle
