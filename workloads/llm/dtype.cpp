#include "workloads/llm/dtype.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace reticle::llm {
namespace {

constexpr std::int64_t kScaleBytes = 4;
constexpr std::int64_t kBlock = 128;

std::int64_t blocks(std::int64_t width) { return (width + kBlock - 1) / kBlock; }

}  // namespace

std::int64_t element_bytes(Dtype dtype) {
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
    default:
      throw std::logic_error("no whole number of bytes an element: " + dtype_name(dtype));
  }
}

bool is_quantized(Dtype dtype) {
  return dtype == DTYPE_FP8 || dtype == DTYPE_FP8_BLOCK || dtype == DTYPE_INT8;
}

std::int64_t weight_bytes(std::int64_t n, std::int64_t k, Dtype dtype) {
  const std::int64_t elements = n * k * element_bytes(dtype);
  if (dtype == DTYPE_FP8_BLOCK) {
    return elements + blocks(n) * blocks(k) * kScaleBytes;
  }
  return is_quantized(dtype) ? elements + n * kScaleBytes : elements;
}

std::string dtype_name(Dtype dtype) {
  std::string name = Dtype_Name(dtype).substr(std::string("DTYPE_").size());
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

}  // namespace reticle::llm
