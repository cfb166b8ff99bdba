#include <catch2/catch.hpp>
#include <random>

#include "schema/errors.h"
#include "tests/models/kernels/tensor_gpu/chip_h800.h"

using namespace reticle;
using namespace reticle::test;

namespace {

// 132 SMs x 2048 (4096) multiply-adds a clock at 1.755 GHz.
double peak_us(double operations, Dtype dtype) {
  return operations / (132.0 * (dtype == DTYPE_BFLOAT16 ? 2048 : 4096) * 2 * 1.755e9) * 1e6;
}

double gemm_operations(double m, double n, double k) { return 2 * m * n * k; }

}  // namespace

TEST_CASE("a large bf16 GEMM reaches 60 to 100 % of the peak") {
  Gpu gpu(h800());
  const double share = peak_us(gemm_operations(8192, 8192, 8192), DTYPE_BFLOAT16) /
                       microseconds(gpu.run(gemm(8192, 8192, 8192, DTYPE_BFLOAT16)));
  CHECK(share > 0.60);
  CHECK(share < 1.0);
}

TEST_CASE("the tensor core is never faster than its peak and does at least the algorithm's work") {
  Gpu gpu(h800());
  for (const Dtype dtype : {DTYPE_BFLOAT16, DTYPE_FP8, DTYPE_FP8_BLOCK, DTYPE_INT8}) {
    for (const std::int64_t m : {1, 64, 100, 2048}) {
      const chips::RunActivity activity = gpu.run(gemm(m, 1000, 777, dtype));
      const double operations = gemm_operations(static_cast<double>(m), 1000, 777);
      double done = 0;
      for (const compute::Activity& core : activity.cores) {
        done += core.operations.at(RESOURCE_TENSOR);
      }
      CHECK(done >= operations);
      CHECK(microseconds(activity) > peak_us(operations, dtype));
    }
  }
}

TEST_CASE("more HBM bandwidth helps a GEMM that waits for memory and no other") {
  Chip fast = h800();
  fast.mutable_hbm()->set_data_rate(2 * fast.hbm().data_rate());
  Gpu slow_gpu(h800());
  SECTION("memory-bound") {
    const double before = microseconds(slow_gpu.run(gemm(64, 16384, 7168, DTYPE_BFLOAT16)));
    CHECK(before > 64 * 16384 * 2 / 3.35e12 * 1e6);
    CHECK(before > 16384.0 * 7168 * 2 / (3.3536e12 * 0.91) * 1e6);
  }
}
