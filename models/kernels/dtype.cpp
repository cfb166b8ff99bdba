#include "models/kernels/dtype.h"

#include <cmath>
#include <stdexcept>

namespace reticle::kernels {

namespace {
constexpr double kScaleBytes = 4;    // FP32
constexpr double kBlockWidth = 128;  // DeepSeek's activation blocks are 1 x 128
}  // namespace

double element_bytes(Dtype dtype) {
  switch (dtype) {
    case DTYPE_FLOAT32:
      return 4;
    case DTYPE_BFLOAT16:
    case DTYPE_FLOAT16:
      return 2;
    case DTYPE_FP8:
    case DTYPE_FP8_BLOCK:
    case DTYPE_INT8:
      return 1;
    case DTYPE_INT4:
    case DTYPE_NVFP4:
    case DTYPE_MXFP4:
      return 0.5;
    default:
      throw std::logic_error("element of no type");
  }
}

bool is_quantised(Dtype dtype) { return element_bytes(dtype) <= 1; }

double activation_scale_bytes(Dtype dtype, double rows, double columns) {
  if (!is_quantised(dtype)) {
    return 0;
  }
  const double scales_per_row = dtype == DTYPE_FP8_BLOCK ? std::ceil(columns / kBlockWidth) : 1;
  return kScaleBytes * rows * scales_per_row;
}

Dtype matrix_dtype(Dtype dtype) { return dtype == DTYPE_FP8_BLOCK ? DTYPE_FP8 : dtype; }

}  // namespace reticle::kernels
