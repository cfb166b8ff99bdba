#include <catch2/catch.hpp>

#include "models/kernels/davinci/core_units.h"
#include "tests/models/kernels/davinci/die.h"

using namespace reticle;
using namespace reticle::kernels;

namespace {

Work copy(std::int64_t bytes) {
  Operator op;
  op.mutable_copy()->set_bytes(bytes);
  return work_of(op);
}

Work rmsnorm(std::int64_t m, std::int64_t n) {
  Operator op;
  op.mutable_rmsnorm()->set_m(m);
  op.mutable_rmsnorm()->set_n(n);
  op.mutable_rmsnorm()->set_dtype(DTYPE_BFLOAT16);
  return work_of(op);
}

}  // namespace

// 255 repeats of 64 FP32 elements are one instruction; one element more is a second one.
TEST_CASE("head and tail are paid once for 255 repeats") {
  const compute::VectorUnit unit = davinci::vector_unit(die().davinci());
  const std::int64_t longest = std::int64_t{255} * 64;
  CHECK(davinci::simple_cycles(unit, longest, 1) == 24 + 255);
  CHECK(davinci::simple_cycles(unit, longest + 1, 1) == 24 + 24 + 256);
  CHECK(davinci::simple_cycles(unit, longest, 3) == 24 + 255 + 24 + 255 + 24 + 255);
  CHECK(davinci::special_cycles(unit, 320, 2) == 24 + 10 + 24 + 10);
  CHECK(davinci::simple_cycles(unit, 0, 5) == 0);
}

// ASC data_copy streams 302 MB from HBM to UB at 1.490 TB/s.
TEST_CASE("a copy streams at the rate of HBM") {
  Bench bench(die());
  const chips::RunActivity activity = bench.run(copy(302'000'000), cores(24, 48));
  const double tb_per_s = activity.hbm_bytes / static_cast<double>(activity.elapsed);
  CHECK(tb_per_s > 0.93 * 1.490);
  CHECK(tb_per_s < 1.491);
}

TEST_CASE("rows of a core are loaded beside arithmetic") {
  Bench bench(die());
  const Work work = rmsnorm(96, 7168);
  const chips::RunActivity activity = bench.run(work, cores(24, 48));
  CHECK(bench.program.variant == "1 rows a tile, 48 AIV");
  CHECK(bench.program.tensors == std::vector<std::string>{"x", "y"});
  CHECK(operations(activity, RESOURCE_VECTOR) == work.operations);
  CHECK(bench.run(work, cores(24, 12)).elapsed > activity.elapsed);
}
