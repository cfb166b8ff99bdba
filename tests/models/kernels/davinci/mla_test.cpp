#include <catch2/catch.hpp>
#include <random>

#include "models/kernels/davinci/mla_plan.h"
#include "schema/errors.h"
#include "tests/models/kernels/davinci/die.h"

using namespace reticle;
using namespace reticle::kernels;

namespace {

double bytes_of(const Work& work, const std::string& name) {
  for (const Tensor& tensor : work.tensors) {
    if (tensor.name == name) {
      return tensor.bytes;
    }
  }
  return 0;
}

}  // namespace

// Batches, caches and heads of one included; the cubes do exactly the algorithm's operations.
TEST_CASE("MLA of random shapes finishes, with every operation done once") {
  Bench bench(die());
  std::mt19937_64 random(20260103);
  for (int i = 0; i < 60; ++i) {
    const auto upto = [&random](std::uint64_t most) {
      return static_cast<std::int64_t>(1 + random() % (random() % 2 == 0 ? most : 4));
    };
    const Work work = mla(upto(30), upto(1500), upto(4), upto(128));
    const std::int64_t matrix = upto(24);
    INFO(work.mla->sequences << " x " << work.mla->kv_len << ", " << work.mla->queries
                             << " queries on " << matrix);
    const chips::RunActivity activity = bench.run(work, cores(matrix, 2 * matrix));
    CHECK(operations(activity, RESOURCE_TENSOR) == work.operations);
    CHECK(static_cast<double>(activity.elapsed) >=
          work.operations / peak(bench.chip, DTYPE_BFLOAT16, matrix));
    CHECK(activity.hbm_bytes >= bytes_of(work, "q") + bytes_of(work, "kv"));
  }
}

// Two row blocks of a sequence run side by side, and each part of the cache is read as K and as V:
// L2 serves all but the first.
TEST_CASE("the cache is read from HBM once for all queries") {
  Bench bench(die());
  const Work one = mla(24, 4096, 1, 128);
  const Work two = mla(24, 4096, 2, 128);
  for (const Work& work : {one, two}) {
    const chips::RunActivity activity = bench.run(work, cores(24, 48));
    CHECK(activity.hbm_bytes == bytes_of(work, "q") + bytes_of(work, "kv"));
  }
}

// Per block of 512 keys and row: scores out and in, probabilities out and in, partial output out
// and in, accumulator out and in (not in for the first block, as bf16 result for the last).
TEST_CASE("scores, probabilities and outputs cross L2") {
  Bench bench(die());
  const Work work = mla(1, 1024, 1, 128);
  const chips::RunActivity activity = bench.run(work, cores(1, 2));
  const double rows = 128;
  const double scores = rows * 1024 * 4;
  const double probabilities = rows * 1024 * 2;
  const double output = rows * 512 * 4;
  const double cache = 1024 * (576 + 512) * 2;
  CHECK(activity.l2_bytes == bytes_of(work, "q") + cache + 2 * scores + 2 * probabilities +
                                 2 * 2 * output + 2 * output + rows * 512 * 2);
}

TEST_CASE("a slower hand-over between cores is never faster") {
  Chip slow = die();
  slow.mutable_davinci()->set_cross_core_flag(5e-6);
  Chip quick = die();
  quick.mutable_davinci()->set_cross_core_flag(0);
  Chip narrow = die();
  narrow.mutable_davinci()->set_fixpipe(die().davinci().fixpipe() / 4);
  Bench bench(die());
  Bench slow_flags(slow, "slow");
  Bench quick_flags(quick, "quick");
  Bench fixpipe(narrow, "fixpipe");
  const Work work = mla(24, 2048, 2, 128);
  const auto time = [&work](Bench& on, std::int64_t matrix) {
    return static_cast<double>(on.run(work, cores(matrix, 2 * matrix)).elapsed);
  };
  const double base = time(bench, 24);
  CHECK(time(slow_flags, 24) > 1.2 * base);
  CHECK(time(fixpipe, 24) > 1.5 * base);
  // 250 ns hide behind the scores of the next block.
  CHECK(time(quick_flags, 24) <= base);
  CHECK(time(quick_flags, 24) > 0.97 * base);
  CHECK(time(bench, 16) > base);
  CHECK(time(bench, 8) > time(bench, 16));
}

// The scores of the next block are computed while the softmax of this one runs: cubes and vector
// cores together are busy for longer than the kernel takes.
TEST_CASE("cube and vector cores work at the same time") {
  Bench bench(die());
  const Work work = mla(24, 8192, 2, 128);
  const chips::RunActivity activity = bench.run(work, cores(24, 48));
  const double cube = busy_share(bench.chip, activity, RESOURCE_TENSOR, 24);
  const double vector = busy_share(bench.chip, activity, RESOURCE_VECTOR, 48);
  CHECK(cube < 1);
  CHECK(cube + vector > 1);
}

TEST_CASE("MLA twice takes the same time") {
  Bench bench(die());
  const Work work = mla(7, 1000, 2, 100);
  const chips::RunActivity first = bench.run(work, cores(16, 32));
  bench.run(gemm(300, 300, 300), cores(24, 48));
  const chips::RunActivity again = bench.run(work, cores(16, 32));
  CHECK(first.elapsed == again.elapsed);
  CHECK(first.events == again.events);
}

TEST_CASE("plans of the 910C die") {
  const Chip chip = die();
  const KernelVariants kernels = variants();
  const Work work = mla(24, 4096, 2, 128);
  const davinci::MlaPlan plan =
      davinci::mla_plan(*work.mla, {chip, kernels, cores(24, 48), chip.clock()});
  CHECK(plan.kv_block == 512);
  CHECK(plan.row_tile == 128);
  // Q 144 KiB and probabilities 128 KiB leave 240 KiB of L1: 7 parts of 32 KiB.
  CHECK(plan.l1_slots == 7);
  CHECK(davinci::mla_tasks(plan) == 48);
  CHECK(davinci::mla_blocks(plan, 0, 24).size() == 16);
}

TEST_CASE("MLA that does not fit is refused") {
  const Work work = mla(4, 4096, 2, 128);
  const auto map = [&](const Chip& chip, const KernelVariants& with, const Cores& allotted) {
    return map_davinci(work, {chip, with, allotted, chip.clock()});
  };
  CHECK_THROWS_WITH(map(die(), variants(), cores(24, 47)),
                    "davinci: MLA variant cm384 needs two vector cores a cube core, "
                    "allotted are 47 and 24");
  KernelVariants other = variants();
  other.set_mla(MLA_VARIANT_FLASHMLA_2025_04);
  CHECK_THROWS_WITH(map(die(), other, cores(24, 48)),
                    "davinci: software kernels.mla must be cm384 on this family");
  Chip small = die();
  small.mutable_davinci()->set_ub(4096);
  CHECK_THROWS_WITH(map(small, variants(), cores(24, 48)),
                    "davinci: MLA variant cm384 does not fit UB");
  small = die();
  small.mutable_davinci()->set_l1(200 * 1024);
  CHECK_THROWS_WITH(map(small, variants(), cores(24, 48)),
                    "davinci: MLA variant cm384 does not fit L1");
  small = die();
  small.mutable_davinci()->set_l0a(32 * 1024);
  CHECK_THROWS_WITH(map(small, variants(), cores(24, 48)),
                    "davinci: MLA variant cm384 does not fit L0");
}
