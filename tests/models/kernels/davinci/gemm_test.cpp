#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "models/kernels/davinci/gemm_tiling.h"
#include "schema/errors.h"
#include "sim/memory/tile_access.h"
#include "tests/models/kernels/davinci/die.h"

using namespace reticle;
using namespace reticle::kernels;

namespace {

// Compulsory bytes in, whole tensors once.
double compulsory(const GemmWork& work, double bytes) {
  double total = 0;
  for (const std::int64_t rows : work.rows) {
    total +=
        static_cast<double>(rows * work.k) + (rows > 0 ? static_cast<double>(work.n * work.k) : 0);
  }
  return total * bytes;
}

Work random_gemm(std::mt19937_64& random) {
  const auto extent = [&random](std::int64_t most) {
    // Small, ragged and one are as likely as large.
    const auto limit = static_cast<std::uint64_t>(
        std::pow(static_cast<double>(most), static_cast<double>(random() % 100) / 99));
    return static_cast<std::int64_t>(1 + random() % limit);
  };
  constexpr Dtype kTypes[] = {DTYPE_BFLOAT16, DTYPE_INT8, DTYPE_INT4, DTYPE_FLOAT32};
  const Dtype dtype = kTypes[random() % 4];
  if (random() % 2 == 0) {
    return gemm(extent(700), extent(2000), extent(2000), dtype);
  }
  std::vector<std::int64_t> rows(1 + random() % 5);
  for (std::int64_t& m : rows) {
    m = random() % 3 == 0 ? 0 : extent(300);
  }
  return grouped(rows, extent(1000), extent(1000), dtype);
}

}  // namespace

// 200 shapes, m, n, k of one included: no program waits for ever, none beats the peak, and at least
// every operand byte is read once.
TEST_CASE("random shapes finish, above their lower bounds") {
  Bench bench(die());
  std::mt19937_64 random(20260102);
  for (int i = 0; i < 200; ++i) {
    const Work work = random_gemm(random);
    const auto matrix = static_cast<std::int64_t>(1 + random() % 24);
    const Dequant dequant = random() % 2 == 0 ? DEQUANT_VECTOR : DEQUANT_EPILOGUE;
    INFO(i << ": rows " << work.gemm->rows[0] << " of " << work.gemm->rows.size() << ", n "
           << work.gemm->n << " k " << work.gemm->k << ' ' << Dtype_Name(work.gemm->dtype));
    const chips::RunActivity activity = bench.run(work, cores(matrix, 2 * matrix), dequant);
    const double floor_ps = work.operations / peak(bench.chip, work.gemm->dtype, matrix);
    CHECK(static_cast<double>(activity.elapsed) >= floor_ps);
    CHECK(bench.program.operations == work.operations);
    CHECK(operations(activity, RESOURCE_TENSOR) == work.operations);
    if (work.operations > 0) {
      CHECK(activity.elapsed > 0);
      CHECK(activity.l2_bytes >= compulsory(*work.gemm, work.gemm->dtype == DTYPE_INT4 ? 0.5 : 1));
    }
  }
}

TEST_CASE("one element and ragged edges") {
  Bench bench(die());
  for (const auto& [m, n, k] : {std::array<std::int64_t, 3>{1, 1, 1},
                                {1, 4096, 7168},
                                {4096, 1, 7168},
                                {512, 512, 1},
                                {17, 33, 65},
                                {129, 257, 4097}}) {
    const chips::RunActivity activity = bench.run(gemm(m, n, k), cores(24, 48));
    // Something is read from HBM, at its latency, and written through L2.
    CHECK(static_cast<double>(activity.elapsed) >
          1e12 * (bench.chip.hbm().latency() + bench.chip.l2().latency()));
  }
}

TEST_CASE("groups without rows cost nothing") {
  Bench bench(die());
  const auto with = bench.run(grouped({0, 300, 0, 40, 0}, 512, 1024, DTYPE_INT8), cores(24, 48));
  const auto without = bench.run(grouped({300, 40}, 512, 1024, DTYPE_INT8), cores(24, 48));
  CHECK(with.hbm_bytes == without.hbm_bytes);
  CHECK(with.l2_bytes == without.l2_bytes);
  CHECK(bench.run(grouped({0, 0}, 512, 1024, DTYPE_INT8), cores(24, 48)).elapsed == 0);
}

TEST_CASE("the same program twice takes the same time") {
  Bench bench(die());
  const Work work = grouped({100, 480, 3}, 1000, 2048, DTYPE_INT8);
  const chips::RunActivity first = bench.run(work, cores(16, 32));
  bench.run(gemm(300, 300, 300), cores(24, 48));
  const chips::RunActivity again = bench.run(work, cores(16, 32));
  CHECK(first.elapsed == again.elapsed);
  CHECK(first.events == again.events);
  CHECK(first.hbm_bytes == again.hbm_bytes);
}

// Without any reuse every multiply-add would fetch two operands; with all of it every tensor once.
TEST_CASE("bytes read lie between all reuse and none") {
  Bench bench(die());
  const Work work = gemm(2048, 3072, 4096);
  const chips::RunActivity activity = bench.run(work, cores(24, 48));
  const double in = compulsory(*work.gemm, 2);
  const double out = 2048.0 * 3072 * 2;
  CHECK(activity.hbm_bytes >= in);
  CHECK(activity.hbm_bytes <= in + out);  // fits L2: nothing is read again
  CHECK(activity.l2_bytes > in + out);
  CHECK(activity.l2_bytes < work.operations * 2);
}

// Dropping panels out of a small L2 costs HBM traffic, never less time.
TEST_CASE("a small L2 reads panels again") {
  Chip small = die();
  small.mutable_l2()->set_capacity(8e6);
  Bench bench(die());
  Bench starved(small, "starved");
  const Work work = gemm(4096, 4096, 4096);
  const auto whole = bench.run(work, cores(24, 48));
  const auto again = starved.run(work, cores(24, 48));
  CHECK(again.hbm_bytes > whole.hbm_bytes);
  CHECK(again.elapsed >= whole.elapsed);
}

// Within 1 %: kernels bound by HBM end in the order in which the last tiles queue up there, and
// more cores make a worse queue.
TEST_CASE("a faster MTE2 is never slower, fewer cores never faster") {
  Chip fast = die();
  fast.mutable_davinci()->set_mte2_cube(2 * fast.davinci().mte2_cube());
  Bench bench(die());
  Bench faster(fast, "fast");
  const auto time = [](Bench& on, const Work& work, std::int64_t matrix) {
    return static_cast<double>(on.run(work, cores(matrix, 2 * matrix)).elapsed);
  };
  for (const std::int64_t m : {1, 96, 480, 2048}) {
    const Work work = gemm(m, 4096, 2048);
    CHECK(time(faster, work, 24) <= time(bench, work, 24));
    CHECK(1.01 * time(bench, work, 12) >= time(bench, work, 24));
    CHECK(1.01 * time(bench, work, 6) >= time(bench, work, 12));
  }
  // Bound by the cubes, half of them take nearly twice as long.
  const Work large = gemm(4096, 4096, 4096);
  CHECK(time(bench, large, 12) > 1.8 * time(bench, large, 24));
}

// Weights of int8 GEMMs lie in fractals and come at the rate of a copy; activations lie in rows.
TEST_CASE("rows are turned into fractals at the rate of ND2NZ") {
  Chip slow = die();
  slow.mutable_davinci()->set_mte2_nd2nz(20);
  Bench bench(die());
  Bench slower(slow, "slow");
  bench.run(gemm(256, 512, 1024, DTYPE_INT8), cores(1, 2));
  const double rate = bench.chip.davinci().mte2_nd2nz();
  for (const compute::Instruction& load : bench.program.cores[0].queues[chips::kMte2]) {
    const bool weights = memory::tensor_of(load.key) == 1;
    CHECK(load.cycles == (weights ? 0 : std::ceil(load.bytes / rate)));
  }
  const Work work = gemm(2048, 2048, 2048);
  CHECK(slower.run(work, cores(24, 48)).elapsed > 2 * bench.run(work, cores(24, 48)).elapsed);
}

// A decode GEMM reads its weights once and is bound by HBM: 1.49 TB/s is what streams measure.
TEST_CASE("a decode GEMM streams its weights at the rate of HBM") {
  Chip quick = die();
  quick.mutable_davinci()->mutable_matrix(0)->set_macs_per_clk(8192);
  Bench bench(die());
  Bench doubled(quick, "quick");
  const Work work = gemm(48, 14336, 7168);
  const chips::RunActivity activity = bench.run(work, cores(24, 48));
  const double tb_per_s = activity.hbm_bytes / static_cast<double>(activity.elapsed);
  CHECK(tb_per_s > 0.85 * 1.49);
  CHECK(tb_per_s < 1.4909);
  // A cube twice as fast does not matter here, and does where the cube binds.
  CHECK(static_cast<double>(doubled.run(work, cores(24, 48)).elapsed) ==
        Approx(static_cast<double>(activity.elapsed)).epsilon(0.02));
}

TEST_CASE("a small L0C refuses big tiles") {
  Chip chip = die();
  const KernelVariants kernels = variants();
  const Work work = gemm(4096, 4096, 4096);
  const Target target{chip, kernels, cores(24, 48), chip.clock()};
  const davinci::GemmTiling big = davinci::choose_gemm_tiling(*work.gemm, target);
  chip.mutable_davinci()->set_l0c(16384);
  const davinci::GemmTiling small = davinci::choose_gemm_tiling(*work.gemm, target);
  CHECK(big.m * big.n * 4 > 16384);
  CHECK(small.m * small.n * 4 <= 16384);
  CHECK(static_cast<double>(small.l0c_buffers * small.m * small.n * 4) <= 16384);
}

// Every buffer of the chosen tiling holds what is put there, both halves.
TEST_CASE("tilings fit their buffers") {
  const Chip chip = die();
  const KernelVariants kernels = variants();
  const Davinci& core = chip.davinci();
  std::mt19937_64 random(7);
  for (int i = 0; i < 100; ++i) {
    const Work work = random_gemm(random);
    if (work.operations == 0) {
      continue;
    }
    const davinci::GemmTiling t =
        davinci::choose_gemm_tiling(*work.gemm, {chip, kernels, cores(24, 48), chip.clock()});
    const double bytes = work.gemm->dtype == DTYPE_FLOAT32    ? 4
                         : work.gemm->dtype == DTYPE_BFLOAT16 ? 2
                         : work.gemm->dtype == DTYPE_INT8     ? 1
                                                              : 0.5;
    CHECK(2 * static_cast<double>(t.m * t.k) * bytes <= core.l0a());
    CHECK(2 * static_cast<double>(t.n * t.k) * bytes <= core.l0b());
    CHECK(static_cast<double>(t.l0c_buffers * t.m * t.n * 4) <= core.l0c());
    CHECK(t.l1_blocks >= 2);
    CHECK(static_cast<double>(t.l1_blocks * (t.m + t.n) * t.l1_k) * bytes <= core.l1());
  }
}

// 512 B of K are a line of memory; NZ weights may be cut at half of it (davinci.md, tiling).
TEST_CASE("quantised GEMMs keep four blocks in L1, half a line deep, others whole lines") {
  const Chip chip = die();
  KernelVariants kernels;
  kernels.set_gemm_dequant(DEQUANT_VECTOR);
  const auto tiling = [&](Dtype dtype) {
    const Work work = grouped({7168}, 4096, 7168, dtype);
    return davinci::choose_gemm_tiling(*work.gemm, {chip, kernels, cores(24, 48), chip.clock()});
  };
  const davinci::GemmTiling int8 = tiling(DTYPE_INT8);
  CHECK(int8.l1_blocks >= 4);
  CHECK(int8.l1_k == 256);
  const davinci::GemmTiling bf16 = tiling(DTYPE_BFLOAT16);
  CHECK(bf16.l1_k == 256);
  CHECK(bf16.l1_blocks >= 2);
}

TEST_CASE("dequantising on vector cores moves the sums through L2") {
  Bench bench(die());
  const Work work = grouped({480}, 4096, 2048, DTYPE_INT8);
  const chips::RunActivity fixpipe = bench.run(work, cores(24, 48), DEQUANT_EPILOGUE);
  const chips::RunActivity vector = bench.run(work, cores(24, 48), DEQUANT_VECTOR);
  const double results = 480.0 * 4096;
  CHECK(operations(vector, RESOURCE_VECTOR) == 4 * results);  // cast, two scales, cast
  CHECK(vector.l2_bytes >= fixpipe.l2_bytes);
  CHECK(bench.program.tensors == std::vector<std::string>{"a", "b", "c", "workspace"});
  CHECK(bench.program.tensor_bytes.size() == 4);
  CHECK(bench.program.matrix_dtype == DTYPE_INT8);
}

TEST_CASE("what the chip cannot do is refused") {
  const Chip chip = die();
  const KernelVariants kernels = variants();
  const auto map = [&](const Work& work, const KernelVariants& with, const Cores& allotted) {
    return map_davinci(work, {chip, with, allotted, chip.clock()});
  };
  CHECK_THROWS_WITH(map(gemm(16, 16, 16, DTYPE_FP8), kernels, cores(24, 48)),
                    "davinci: no fp8 unit");
  CHECK_THROWS_WITH(map(gemm(16, 16, 16, DTYPE_FP8_BLOCK), kernels, cores(24, 48)),
                    "davinci: no fp8 unit");
  CHECK_THROWS_AS(map(gemm(16, 16, 16, DTYPE_NVFP4), kernels, cores(24, 48)), UsageError);
  CHECK_THROWS_WITH(map(gemm(16, 16, 16, DTYPE_INT8), kernels, cores(24, 12)),
                    "davinci: gemm_dequant vector needs a vector core a cube core, "
                    "cores.vector is 12");
  CHECK_THROWS_WITH(
      map(gemm(16, 16, 16, DTYPE_INT8), variants(DEQUANT_PROMOTION), cores(24, 48)),
      "davinci: software kernels.gemm_dequant must be epilogue or vector on this family");
  CHECK_NOTHROW(map(gemm(16, 16, 16), variants(DEQUANT_PROMOTION), cores(24, 12)));
}

// UnitFlag: FixPipe starts with the tile's last instruction; what it drains while the next tile's
// first one runs (512 clk at 66 B/clk hide half of 64 KiB) is a store of its own, of an accumulator
// tile that fills L0C.
TEST_CASE("an accumulator tile that fills L0C is handed over in units") {
  Bench bench(die());
  const Work work = gemm(128, 512, 1024);
  bench.run(work, cores(1, 2));
  CHECK(bench.program.variant.find("L0C x1") != std::string::npos);
  const auto& queues = bench.program.cores[0].queues;
  const auto& stores = queues[chips::kFixPipe];
  REQUIRE(stores.size() % 2 == 0);
  double bytes = 0;
  for (std::size_t i = 0; i < stores.size(); i += 2) {
    CHECK(stores[i].raises[0] != compute::kNoFlag);
    CHECK(stores[i + 1].raises[0] == compute::kNoFlag);
    CHECK(stores[i + 1].bytes == stores[i].bytes);
    bytes += stores[i].bytes + stores[i + 1].bytes;
  }
  CHECK(bytes == 128 * 512 * 2);
  const auto& cube = queues[chips::kCube];
  CHECK(cube.back().raises[1] == compute::kNoFlag);
  CHECK(cube[cube.size() - 2].raises[1] != compute::kNoFlag);
}

TEST_CASE("a product that adds to C reads it once more than one that writes it") {
  Bench bench(die());
  Operator op = operators::gemm(1024, 2048, 4096, DTYPE_BFLOAT16);
  op.mutable_gemm()->set_out_dtype(DTYPE_FLOAT32);
  const chips::RunActivity writes = bench.run(work_of(op), cores(24, 48));
  op.mutable_gemm()->set_accumulate(true);
  const chips::RunActivity adds = bench.run(work_of(op), cores(24, 48));
  CHECK(adds.l2_bytes - writes.l2_bytes == 1024.0 * 2048 * 4);
  CHECK(adds.elapsed >= writes.elapsed);
}
