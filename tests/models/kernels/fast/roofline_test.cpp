#include "models/kernels/roofline.h"

#include <catch2/catch.hpp>

#include "schema/config/assign.h"
#include "schema/config/catalog.h"
#include "schema/errors.h"

using namespace reticle;

namespace {

Operator gemm(const char* m, const char* n, const char* k, const char* dtype) {
  Operator op;
  config::assign(config::select_op(op, "gemm"), {{"m", m}, {"n", n}, {"k", k}, {"dtype", dtype}});
  return op;
}

Chip chip() {
  return config::Catalog(RETICLE_SOURCE_DIR "/configs").chip("cambricon-mlu590").message;
}

}  // namespace

// configs/chips/cambricon-mlu590.yaml: 314 TFLOPS, 6 x 16 x 64 pins of 3.2 Gb/s at 0.91, 500 ns.
TEST_CASE("a roofline takes the longer of arithmetic and memory, and a latency") {
  const DemandVector cube = kernels::roofline(gemm("8192", "8192", "8192", "bfloat16"), chip());
  CHECK(static_cast<double>(cube.time_ps()) * 1e-12 ==
        Approx(2.0 * 8192 * 8192 * 8192 / 314e12 + 500e-9).epsilon(1e-9));
  CHECK(cube.bound_by() == RESOURCE_TENSOR);
  const DemandVector row = kernels::roofline(gemm("1", "8192", "8192", "bfloat16"), chip());
  const double bytes = 2.0 * (8192.0 * 8192 + 2 * 8192);
  CHECK(static_cast<double>(row.time_ps()) * 1e-12 ==
        Approx(bytes / (6 * 16 * 64 / 8 * 3.2e9 * 0.91) + 500e-9).epsilon(1e-9));
  CHECK(row.bound_by() == RESOURCE_HBM);
  CHECK(row.operations() == 2.0 * 8192 * 8192);
}

TEST_CASE("a roofline refuses types without a peak") {
  CHECK_THROWS_AS(kernels::roofline(gemm("1", "1", "1", "fp8"), chip()), UsageError);
}
