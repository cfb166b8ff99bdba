#include "schema/dtype.h"

#include <cmath>
#include <stdexcept>

namespace reticle {
namespace {

constexpr std::int64_t kScaleBytes = 4;  // FP32
constexpr std::int64_t kBlock = 128;     // DeepSeek's: 1 x 128 activations, 128 x 128 weights

std::int64_t blocks(std::int64_t width) { return (width + kBlock - 1) / kBlock; }

// Elements along k that share a one-byte scale in the 4-bit floating types (OCP MX, NVFP4); 0:
// none.
std::int64_t micro_block(Dtype dtype) {
  return dtype == DTYPE_NVFP4 ? 16 : dtype == DTYPE_MXFP4 ? 32 : 0;
}

std::int64_t element_bits(Dtype dtype) {
  switch (dtype) {
    case DTYPE_FLOAT32:
      return 32;
    case DTYPE_BFLOAT16:
    case DTYPE_FLOAT16:
      return 16;
    case DTYPE_FP8:
    case DTYPE_FP8_BLOCK:
    case DTYPE_INT8:
      return 8;
    case DTYPE_INT4:
    case DTYPE_NVFP4:
    case DTYPE_MXFP4:
      return 4;
    default:
      throw std::logic_error("element of no type");
  }
}

}  // namespace

double element_bytes(Dtype dtype) { return static_cast<double>(element_bits(dtype)) / 8; }

std::int64_t data_bytes(std::int64_t elements, Dtype dtype) {
  return (elements * element_bits(dtype) + 7) / 8;
}

bool is_quantized(Dtype dtype) { return element_bits(dtype) <= 8; }

bool has_micro_scales(Dtype dtype) { return micro_block(dtype) > 0; }

double activation_scale_bytes(Dtype dtype, double rows, double columns) {
  if (!is_quantized(dtype)) {
    return 0;
  }
  if (has_micro_scales(dtype)) {
    return rows * std::ceil(columns / static_cast<double>(micro_block(dtype)));
  }
  const double scales_per_row = dtype == DTYPE_FP8_BLOCK ? std::ceil(columns / kBlock) : 1;
  return kScaleBytes * rows * scales_per_row;
}

std::int64_t weight_bytes(std::int64_t n, std::int64_t k, Dtype dtype) {
  const std::int64_t elements = data_bytes(n * k, dtype);
  if (const std::int64_t group = micro_block(dtype); group > 0) {
    return elements + n * ((k + group - 1) / group);
  }
  if (dtype == DTYPE_FP8_BLOCK) {
    return elements + blocks(n) * blocks(k) * kScaleBytes;
  }
  return is_quantized(dtype) ? elements + n * kScaleBytes : elements;
}

Dtype matrix_dtype(Dtype dtype) { return dtype == DTYPE_FP8_BLOCK ? DTYPE_FP8 : dtype; }

}  // namespace reticle
