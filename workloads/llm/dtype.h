#pragma once

#include <cstdint>
#include <string>

#include "schema/operator.pb.h"

namespace reticle::llm {

// Bytes of one element. Types narrower than a byte have no decode graph: std::logic_error.
std::int64_t element_bytes(Dtype dtype);

// True for the types whose values carry scales (fp8, fp8_block, int8): activations that come out of
// a bf16 operator are quantised first.
bool is_quantized(Dtype dtype);

// Bytes of a weight matrix of n outputs and k inputs: the elements plus FP32 scales, one a 128 x
// 128 block (fp8_block: `weight_block_size` of the published config.json) or one an output (fp8,
// int8).
std::int64_t weight_bytes(std::int64_t n, std::int64_t k, Dtype dtype);

// The name users write ("fp8_block").
std::string dtype_name(Dtype dtype);

}  // namespace reticle::llm
