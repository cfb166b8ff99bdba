#include "schema/dtype.h"

#include <catch2/catch.hpp>
#include <stdexcept>

using namespace reticle;

TEST_CASE("every type has its width") {
  CHECK(element_bytes(DTYPE_FLOAT32) == 4);
  CHECK(element_bytes(DTYPE_BFLOAT16) == 2);
  CHECK(element_bytes(DTYPE_FLOAT16) == 2);
  CHECK(element_bytes(DTYPE_FP8) == 1);
  CHECK(element_bytes(DTYPE_FP8_BLOCK) == 1);
  CHECK(element_bytes(DTYPE_INT8) == 1);
  CHECK(element_bytes(DTYPE_INT4) == 0.5);
  CHECK(element_bytes(DTYPE_NVFP4) == 0.5);
  CHECK(element_bytes(DTYPE_MXFP4) == 0.5);
  CHECK_THROWS_AS(element_bytes(DTYPE_UNSPECIFIED), std::logic_error);
}

TEST_CASE("bytes of 4-bit elements end on a whole byte") {
  CHECK(data_bytes(6, DTYPE_INT4) == 3);
  CHECK(data_bytes(7, DTYPE_INT4) == 4);
  CHECK(data_bytes(7, DTYPE_BFLOAT16) == 14);
  CHECK(data_bytes((std::int64_t{1} << 53) + 1, DTYPE_INT8) == (std::int64_t{1} << 53) + 1);
}

TEST_CASE("types of a byte or less carry scales, wider ones do not") {
  CHECK(is_quantized(DTYPE_INT8));
  CHECK(is_quantized(DTYPE_INT4));
  CHECK_FALSE(is_quantized(DTYPE_FLOAT16));
  CHECK(activation_scale_bytes(DTYPE_BFLOAT16, 3, 7168) == 0);
  CHECK(activation_scale_bytes(DTYPE_INT8, 3, 7168) == 3 * 4);
  CHECK(activation_scale_bytes(DTYPE_FP8_BLOCK, 3, 7168) == 3 * 56 * 4);
  CHECK(activation_scale_bytes(DTYPE_FP8_BLOCK, 1, 128) == 4);
  CHECK(activation_scale_bytes(DTYPE_FP8_BLOCK, 1, 129) == 8);  // the block begun counts
}

TEST_CASE("weights carry their scales") {
  CHECK(weight_bytes(4096, 7168, DTYPE_BFLOAT16) == 2LL * 4096 * 7168);
  CHECK(weight_bytes(4096, 7168, DTYPE_INT8) == 4096LL * 7168 + 4LL * 4096);
  CHECK(weight_bytes(4096, 7168, DTYPE_FP8_BLOCK) == 4096 * 7168 + 4 * 32 * 56);
  CHECK(weight_bytes(2112, 7168, DTYPE_FP8_BLOCK) == 2112 * 7168 + 4 * 17 * 56);  // 16.5 blocks
}

TEST_CASE("block-scaled fp8 multiplies as fp8") {
  CHECK(matrix_dtype(DTYPE_FP8_BLOCK) == DTYPE_FP8);
  CHECK(matrix_dtype(DTYPE_INT8) == DTYPE_INT8);
}

// OCP Microscaling Formats 1.0 (32 elements) and NVFP4 (16), a byte each.
TEST_CASE("4-bit floating types carry a byte of scale every 16 or 32 elements of both operands") {
  CHECK(has_micro_scales(DTYPE_NVFP4));
  CHECK_FALSE(has_micro_scales(DTYPE_FP8_BLOCK));
  CHECK(activation_scale_bytes(DTYPE_NVFP4, 3, 64) == 3 * 4);
  CHECK(activation_scale_bytes(DTYPE_MXFP4, 3, 65) == 3 * 3);
  CHECK(weight_bytes(8, 64, DTYPE_NVFP4) == 8 * 32 + 8 * 4);
  CHECK(weight_bytes(8, 64, DTYPE_MXFP4) == 8 * 32 + 8 * 2);
}
