#include <catch2/catch.hpp>
#include <random>

#include "models/kernels/davinci/attention_plan.h"
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
  narrow.mutable_davinci()->set_fixpipe(die().davinci().fixpipe() / 6);
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
  const Target target{chip, kernels, cores(24, 48), chip.clock()};
  const davinci::AttentionPlan plan =
      davinci::attention_plan(davinci::attention_shape(work), target);
  CHECK(plan.kv_block == 512);
  CHECK(plan.row_tile == 128);
  // Q 144 KiB and probabilities 128 KiB leave 240 KiB of L1: 7 parts of 32 KiB.
  CHECK(plan.l1_slots == 7);
  CHECK(davinci::attention_tasks(plan) == 48);
  CHECK(davinci::deal_blocks(plan).at(0).size() == 16);
}

TEST_CASE("MLA that does not fit is refused") {
  const Work work = mla(4, 4096, 2, 128);
  const auto map = [&](const Chip& chip, const KernelVariants& with, const Cores& allotted) {
    return map_davinci(work, {chip, with, allotted, chip.clock()});
  };
  CHECK_THROWS_WITH(map(die(), variants(), cores(24, 47)),
                    "davinci: attention needs two vector cores a cube core, "
                    "allotted are 47 and 24");
  KernelVariants other = variants();
  other.set_mla(MLA_VARIANT_FLASHMLA_2025_04);
  CHECK_THROWS_WITH(map(die(), other, cores(24, 48)),
                    "davinci: software kernels.mla must be cm384 or amla on this family");
  Chip small = die();
  small.mutable_davinci()->set_ub(4096);
  CHECK_THROWS_WITH(map(small, variants(), cores(24, 48)), "davinci: attention does not fit UB");
  small = die();
  small.mutable_davinci()->set_l1(200 * 1024);
  CHECK_THROWS_WITH(map(small, variants(), cores(24, 48)), "davinci: attention does not fit L1");
  small = die();
  small.mutable_davinci()->set_l0a(32 * 1024);
  CHECK_THROWS_WITH(map(small, variants(), cores(24, 48)), "davinci: attention does not fit L0");
}

namespace {

Work prefill(std::int64_t batch, std::int64_t isl, std::int64_t heads, std::int64_t kv_heads,
             std::int64_t head_dim) {
  Operator op;
  AttentionPrefill& shape = *op.mutable_attention_prefill();
  shape.set_batch_size(batch);
  shape.set_isl(isl);
  shape.set_num_heads(heads);
  shape.set_num_key_value_heads(kv_heads);
  shape.set_head_dim(head_dim);
  shape.set_dtype(DTYPE_BFLOAT16);
  return work_of(op);
}

Work decode(std::int64_t batch, std::int64_t kv_len, std::int64_t heads, std::int64_t kv_heads) {
  Operator op;
  AttentionDecode& shape = *op.mutable_attention_decode();
  shape.set_batch_size(batch);
  shape.set_kv_len(kv_len);
  shape.set_q_len(1);
  shape.set_num_heads(heads);
  shape.set_num_key_value_heads(kv_heads);
  shape.set_head_dim(128);
  shape.set_dtype(DTYPE_BFLOAT16);
  return work_of(op);
}

double seconds(const chips::RunActivity& activity) {
  return static_cast<double>(activity.elapsed) * 1e-12;
}

}  // namespace

// A row block sees keys up to its last row, so the cubes do a little more than half of the square,
// and a little more for every row block on the diagonal.
TEST_CASE("causal attention leaves out what no row of a block sees") {
  Bench bench(die());
  for (const std::int64_t isl : {1, 100, 129, 512, 1000}) {
    const Work work = prefill(2, isl, 4, 2, 128);
    const chips::RunActivity activity = bench.run(work, cores(24, 48));
    const double done = operations(activity, RESOURCE_TENSOR);
    const auto length = static_cast<double>(isl);
    INFO(isl);
    CHECK(done >= work.operations);
    CHECK(done <= work.operations * (1 + 130 / length));
  }
}

TEST_CASE("decode attention streams its cache") {
  Bench bench(die());
  const Work work = decode(48, 8192, 64, 8);
  const chips::RunActivity activity = bench.run(work, cores(24, 48));
  CHECK(operations(activity, RESOURCE_TENSOR) == work.operations);
  const double rate = activity.hbm_bytes / seconds(activity);
  CHECK(rate > 0.9e12);
  CHECK(rate < 1.638e12);
}

// One sequence and one row block would keep a single cube core busy.
TEST_CASE("keys are split over cores that have no row block of their own") {
  Bench bench(die());
  const Work one = mla(1, 16384, 1, 128);
  const chips::RunActivity alone = bench.run(one, cores(1, 2));
  const chips::RunActivity split = bench.run(one, cores(24, 48));
  CHECK(bench.program.variant.find("split in ") != std::string::npos);
  CHECK(operations(split, RESOURCE_TENSOR) == one.operations);
  CHECK(10 * split.elapsed < alone.elapsed);
  bench.run(mla(24, 4096, 1, 128), cores(24, 48));
  CHECK(bench.program.variant.find("split") == std::string::npos);
}

// Every part's sums cross L2 once more: FP32 out of the vector core that made them, in to the one
// that merges them, with 64 B a row of maximum and sum.
TEST_CASE("the merge reads what the parts wrote") {
  Bench bench(die());
  const Work work = mla(1, 1024, 1, 128);
  const double whole = bench.run(work, cores(1, 2)).l2_bytes;
  const chips::RunActivity split = bench.run(work, cores(2, 4));
  const double rows = 128;
  const double q = bytes_of(work, "q");
  const double accumulated = rows * 512 * 4;  // one less to add to
  CHECK(split.l2_bytes == whole + q - 2 * accumulated + 2 * accumulated + 2 * accumulated +
                              rows * 2 * 64 - rows * 512 * 2 + rows * 512 * 2);
}

// arXiv 2509.25224: the output is not read back and written for every block.
TEST_CASE("AMLA moves less and takes less time than cm384") {
  Bench bench(die());
  const Work work = mla(24, 4096, 2, 128);
  const auto run = [&](MlaVariant variant) {
    return bench.run(work, cores(24, 48), DEQUANT_VECTOR, variant);
  };
  const chips::RunActivity cm384 = run(MLA_VARIANT_CM384);
  const chips::RunActivity amla = run(MLA_VARIANT_AMLA);
  CHECK(operations(amla, RESOURCE_TENSOR) == operations(cm384, RESOURCE_TENSOR));
  CHECK(amla.hbm_bytes == cm384.hbm_bytes);
  CHECK(amla.l2_bytes < cm384.l2_bytes);
  CHECK(amla.elapsed < cm384.elapsed);
}
