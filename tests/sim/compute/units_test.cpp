#include "sim/compute/units.h"

#include <catch2/catch.hpp>

using namespace reticle::compute;

// CANN, "Cube instruction theoretical performance" (arch 2201): cycles = head + ceil16(m) ceil16(n)
// ceil_k0(k) / (16 x 16 x k0), head 6 in Huawei's own cost model.
TEST_CASE("matrix cycles follow CANN's formula") {
  const MatrixUnit fp16 = {16, 16, 16, 16 * 16 * 16, 6};
  CHECK(fp16.cycles(16, 16, 16) == 6 + 1);
  CHECK(fp16.cycles(128, 256, 64) == 6 + 8 * 16 * 4);
  CHECK(fp16.cycles(17, 16, 16) == 6 + 2);  // one row more is a fractal more
  CHECK(fp16.cycles(16, 17, 16) == 6 + 2);
  CHECK(fp16.cycles(16, 16, 17) == 6 + 2);
  CHECK(fp16.cycles(1, 1, 1) == 6 + 1);
  const MatrixUnit int8 = {16, 16, 32, 16 * 16 * 32, 6};
  CHECK(int8.cycles(128, 256, 64) == 6 + 8 * 16 * 2);
  const MatrixUnit fp32 = {16, 16, 8, 16 * 16 * 4, 6};  // k0 = 8 at 4 a cycle: 2 cycles a fractal
  CHECK(fp32.cycles(16, 16, 8) == 6 + 2);
}

TEST_CASE("wgmma takes the same form with 64 rows and no head") {
  const MatrixUnit bf16 = {64, 8, 16, 1024 * 4, 0};
  CHECK(bf16.cycles(64, 256, 16) == 64);
  CHECK(bf16.cycles(1, 256, 16) == 64);  // 63 rows wasted
}

TEST_CASE("vector cycles are passes over the bytes, each with its start-up") {
  const VectorUnit vector = {256, 16, 13};
  CHECK(vector.simple(64, 4, 1) == 13 + 1);
  CHECK(vector.simple(65, 4, 1) == 13 + 2);
  CHECK(vector.simple(8192, 2, 3) == 3 * (13 + 64));
  CHECK(vector.special(16, 1) == 13 + 1);
  CHECK(vector.special(17, 1) == 13 + 2);
  CHECK(vector.special(1024, 2) == 2 * (13 + 64));
}

TEST_CASE("rounding helpers, on and beside the boundary") {
  CHECK(ceil_div(0, 4) == 0);
  CHECK(ceil_div(4, 4) == 1);
  CHECK(ceil_div(5, 4) == 2);
  CHECK(round_up(16, 16) == 16);
  CHECK(round_up(17, 16) == 32);
}
