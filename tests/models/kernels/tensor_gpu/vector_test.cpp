#include <catch2/catch.hpp>

#include "models/chips/family.h"
#include "tests/models/kernels/tensor_gpu/chip_h800.h"

using namespace reticle;
using namespace reticle::test;

namespace {

using operators::copy;
using operators::swiglu;

Operator softmax(std::int64_t m, std::int64_t n) { return operators::softmax(m, n, DTYPE_FLOAT32); }

}  // namespace

// gpu-benches: H100 streams reach 0.84 to 0.93 of the pin rate once 32-40 KB an SM are in flight.
TEST_CASE("a large copy runs at HBM speed") {
  Gpu gpu(h800());
  const std::int64_t bytes = 512 << 20;
  const chips::RunActivity activity = gpu.run(copy(bytes));
  const double moved = 2.0 * static_cast<double>(bytes) - 50 * 1048576.0;  // what stays in L2
  const double rate = moved / (microseconds(activity) * 1e-6);
  CHECK(rate < 3.3536e12 * 0.91);
  CHECK(rate > 3.3536e12 * 0.75);
}

TEST_CASE("rows are read and written whole, whatever their width and number") {
  Gpu gpu(h800());
  for (const std::int64_t m : {1, 7, 131, 1000}) {
    for (const std::int64_t n : {1, 100, 2048, 50000}) {
      const auto program = gpu.program(swiglu(m, n, DTYPE_BFLOAT16));
      CHECK(bytes_moved(program, chips::kTma, 0) == static_cast<double>(m * n) * 4);
      CHECK(bytes_moved(program, chips::kTmaStore, 1) == static_cast<double>(m * n) * 2);
      CHECK(gpu.run(swiglu(m, n, DTYPE_BFLOAT16)).elapsed > 0);
    }
  }
}

TEST_CASE("the SFU binds where a row is mostly exponentials") {
  Chip slow_chip = h800();
  slow_chip.mutable_tensor_gpu()->set_sfu_rate(1);
  Gpu normal(h800(), "normal");
  Gpu slow(slow_chip, "slow");
  const double elements = 132.0 * 129280;
  const double us = microseconds(slow.run(softmax(132, 129280)));
  CHECK(us >= elements / 132 / 1.755e9 * 1e6);
  CHECK(us < 1.2 * elements / 132 / 1.755e9 * 1e6);
  CHECK(us > 1.8 * microseconds(normal.run(softmax(132, 129280))));
}

TEST_CASE("one row keeps one SM busy") {
  Gpu gpu(h800());
  CHECK(gpu.program(softmax(1, 129280)).cores.size() == 1);
  CHECK(gpu.program(softmax(500, 129280)).cores.size() == 132);
}

// One scale a row: the row is read for its maximum and again to be written; the second time from
// L2. Scales of 128 columns stay in registers, and the row is read once.
TEST_CASE("a quantiser with one scale a row reads it twice and fetches it once") {
  Gpu gpu(h800());
  Operator op;
  op.mutable_quantize()->set_m(300);
  op.mutable_quantize()->set_n(10240);
  op.mutable_quantize()->set_dtype(DTYPE_FP8);
  const double read = 300.0 * 10240 * 2;
  CHECK(bytes_moved(gpu.program(op), chips::kTma, 0) == 2 * read);
  CHECK(bytes_moved(gpu.program(op), chips::kTmaStore, 1) == 300.0 * (10240 + 4));
  const chips::RunActivity twice = gpu.run(op);
  const double fetched = static_cast<double>(twice.hbm_bytes);
  CHECK(fetched == read);
  op.mutable_quantize()->set_dtype(DTYPE_FP8_BLOCK);
  CHECK(bytes_moved(gpu.program(op), chips::kTma, 0) == read);
  CHECK(gpu.run(op).elapsed < twice.elapsed);
}

// Blocks of 128 are independent, so that one row keeps all SMs busy; one scale a row does not allow
// that. An element takes 55 instructions on 128 lanes, whatever memory delivers.
TEST_CASE("a quantiser of a framework is bound by its instructions") {
  Gpu gpu(h800());
  Operator op;
  op.mutable_quantize()->set_m(1);
  op.mutable_quantize()->set_n(132 * 128);
  op.mutable_quantize()->set_dtype(DTYPE_FP8_BLOCK);
  CHECK(gpu.program(op).cores.size() == 132);
  op.mutable_quantize()->set_dtype(DTYPE_FP8);
  CHECK(gpu.program(op).cores.size() == 1);
  op.mutable_quantize()->set_m(132 * 8);
  op.mutable_quantize()->set_dtype(DTYPE_FP8_BLOCK);
  const double us = 55.0 * 8 * (132 * 128) / 128 / 1.755e9 * 1e6;
  CHECK(microseconds(gpu.run(op)) > us);
  CHECK(microseconds(gpu.run(op)) < 1.1 * us + 2);
  gpu.variants.set_quantize_passes(0);
  CHECK(microseconds(gpu.run(op)) < 0.6 * us);
}
