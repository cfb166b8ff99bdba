#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "models/chips/family.h"
#include "models/kernels/tensor_gpu/gemm_tiling.h"
#include "models/kernels/work.h"
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

kernels::tensor_gpu::GemmSteps steps(const Chip& chip, std::int64_t m, std::int64_t n,
                                     std::int64_t warpgroups) {
  kernels::tensor_gpu::GemmTiling tiling;
  tiling.m = m;
  tiling.n = n;
  tiling.k = 64;
  tiling.warpgroups = warpgroups;
  const KernelVariants variants;
  return kernels::tensor_gpu::gemm_steps(tiling, {{m}, n, 64}, {chip, variants, {}}, 64);
}

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

// hardware.md section 5: m64n256k16 takes 128 clk and reads (64 + 256) x 16 x 2 B; N = 64 is where
// reads and multiply-adds meet. A lone warpgroup adds a latency (24 clk) and a barrier (45 clk).
TEST_CASE("a narrow tile waits for shared memory, a wide one for the tensor core") {
  Chip chip = h800();
  const auto wide = steps(chip, 128, 256, 2);
  CHECK(wide.mma_tensor == 4 * 128);
  CHECK(wide.mma_smem == 4 * (64 + 256) * 16 * 2 / 128);
  CHECK(wide.mma == 512);
  CHECK(steps(chip, 128, 64, 2).mma_smem == steps(chip, 128, 64, 2).mma_tensor);
  const auto narrow = steps(chip, 128, 32, 2);
  CHECK(narrow.mma_tensor == 64);
  CHECK(narrow.mma_smem == 96);
  CHECK(narrow.mma == 96);
  CHECK(steps(chip, 64, 32, 1).mma == 96 + 24 + 45);
  chip.mutable_tensor_gpu()->set_shared_read(256);
  CHECK(steps(chip, 128, 32, 2).mma == 64);
  CHECK(steps(chip, 128, 256, 2).mma == 512);
}

TEST_CASE("more HBM bandwidth helps a GEMM that waits for memory and no other") {
  Chip fast_chip = h800();
  fast_chip.mutable_hbm()->set_data_rate(2 * fast_chip.hbm().data_rate());
  Gpu slow(h800(), "slow");
  Gpu fast(fast_chip, "fast");
  const Operator thin = gemm(64, 16384, 7168, DTYPE_BFLOAT16);
  const double before = microseconds(slow.run(thin));
  CHECK(before > 16384.0 * 7168 * 2 / (3.3536e12 * 0.91) * 1e6);  // the weights at full HBM rate
  CHECK(microseconds(fast.run(thin)) < 0.75 * before);            // rows open no faster
  const Operator cube = gemm(4096, 4096, 4096, DTYPE_BFLOAT16);
  CHECK(microseconds(fast.run(cube)) > 0.97 * microseconds(slow.run(cube)));
}

TEST_CASE("a doubled tensor core, shared memory and L2 help a large GEMM and not a thin one") {
  Chip fast_chip = h800();
  for (MatrixRate& rate : *fast_chip.mutable_tensor_gpu()->mutable_matrix()) {
    rate.set_macs_per_clk(2 * rate.macs_per_clk());
  }
  fast_chip.mutable_tensor_gpu()->set_shared_read(256);
  fast_chip.mutable_l2()->set_read_bandwidth(2 * fast_chip.l2().read_bandwidth());
  Gpu slow(h800(), "slow");
  Gpu fast(fast_chip, "fast");
  const Operator thin = gemm(64, 16384, 7168, DTYPE_BFLOAT16);
  CHECK(microseconds(fast.run(thin)) > 0.95 * microseconds(slow.run(thin)));
  const Operator cube = gemm(4096, 4096, 4096, DTYPE_BFLOAT16);
  CHECK(microseconds(fast.run(cube)) < 0.75 * microseconds(slow.run(cube)));
}

// Which channel a request finds busy shifts with the order of requests: 1 % where HBM binds.
TEST_CASE("half the SMs are never faster, and about twice as slow where the tensor core binds") {
  Gpu gpu(h800());
  for (const Operator& op :
       {gemm(64, 7168, 2048, DTYPE_FP8_BLOCK), gemm(1, 129280, 512, DTYPE_BFLOAT16),
        grouped_gemm({128, 128, 7}, 4096, 7168, DTYPE_FP8_BLOCK)}) {
    CHECK(microseconds(gpu.run(op, 66)) > 0.99 * microseconds(gpu.run(op)));
  }
  const Operator cube = gemm(4224, 4096, 4096, DTYPE_BFLOAT16);
  const double ratio = microseconds(gpu.run(cube, 66)) / microseconds(gpu.run(cube));
  CHECK(ratio > 1.7);
  CHECK(ratio < 2.1);
}

TEST_CASE("promotion of block-scaled sums costs time, registers and FP32 adds") {
  Gpu gpu(h800());
  const chips::RunActivity plain = gpu.run(gemm(4096, 4096, 7168, DTYPE_FP8));
  const chips::RunActivity block = gpu.run(gemm(4096, 4096, 7168, DTYPE_FP8_BLOCK));
  // CUTLASS's 128 x 128 in ping-pong against DeepGEMM's up to 128 x 160: neither wins by much.
  CHECK(static_cast<double>(block.elapsed) > 0.95 * static_cast<double>(plain.elapsed));
  double adds = 0;
  double plain_adds = 0;
  for (const compute::Activity& core : block.cores) {
    adds += core.operations.at(RESOURCE_VECTOR);
  }
  for (const compute::Activity& core : plain.cores) {
    plain_adds += core.operations.at(RESOURCE_VECTOR);
  }
  // One FP32 add an output and 128 of k, against two more scaling passes in plain fp8's epilogue.
  CHECK(adds - plain_adds >= 4096.0 * 4096 * (7168 / 128 - 2));
}

TEST_CASE("200 random shapes finish, write C once and read all of A and B") {
  Gpu gpu(h800());
  std::mt19937 random(7);
  const auto draw = [&random](std::int64_t most) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most)) + 1;
  };
  const std::vector<Dtype> dtypes = {DTYPE_BFLOAT16, DTYPE_FP8, DTYPE_FP8_BLOCK, DTYPE_INT8};
  for (int i = 0; i < 200; ++i) {
    const std::int64_t m = i == 0 ? 1 : draw(i % 3 == 0 ? 1500 : 90);
    const std::int64_t n = i == 0 ? 1 : i % 2 == 0 ? 16 * draw(120) : draw(1500);
    const std::int64_t k = i == 0 ? 1 : draw(1200);
    const Dtype dtype = dtypes[static_cast<std::size_t>(i) % dtypes.size()];
    CAPTURE(m, n, k, dtype);
    const Operator op = gemm(m, n, k, dtype);
    REQUIRE(gpu.run(op, i % 5 == 4 ? draw(132) : 0).elapsed > 0);
    const compute::TileProgram program = gpu.program(op);
    const double c = static_cast<double>(m * n) * 2;
    const double bytes = bytes_moved(program, chips::kTmaStore, 2);
    CHECK(bytes >= c);
    if (n % 16 == 0) {
      CHECK(bytes == c);  // whole 32-byte sectors
    }
    const double element = dtype == DTYPE_BFLOAT16 ? 2 : 1;
    CHECK(bytes_moved(program, chips::kTma, 0) >= static_cast<double>(m * k) * element);
    CHECK(bytes_moved(program, chips::kTma, 1) >= static_cast<double>(n * k) * element);
  }
}

TEST_CASE("few tiles with a long k are split over SMs and summed in FP32") {
  Gpu gpu(h800());
  const Operator op = gemm(64, 256, 7168, DTYPE_BFLOAT16);
  const compute::TileProgram program = gpu.program(op);
  CAPTURE(program.variant);
  CHECK(program.variant.find("split-K") != std::string::npos);
  CHECK(program.shared_flags == 1);
  CHECK(bytes_moved(program, chips::kTmaStore, 2) == 64.0 * 256 * 2);
  CHECK(bytes_moved(program, chips::kTmaStore, 3) > 0);
  CHECK(bytes_moved(program, chips::kTmaStore, 3) == bytes_moved(program, chips::kTma, 3));
  // 16 SMs, the most that whole tiles of 64 x 16 occupy, take each operand through 64 B/clk ports.
  const double whole_tiles = 7168.0 * (64 + 16) * 2 / 64 / 1.755e9 * 1e6;
  CHECK(microseconds(gpu.run(op)) < whole_tiles);
  for (const std::int64_t sms : {1, 3, 50}) {
    CHECK(gpu.run(op, sms).elapsed > 0);
  }
  CHECK(gpu.program(gemm(64, 256, 7168, DTYPE_FP8_BLOCK)).shared_flags == 0);  // DeepGEMM does not
}

// CUTLASS scaled_mm of vLLM and SGLang: powers of two, every tile sums all of k.
TEST_CASE("types with one scale a row take CUTLASS's tiles and are not split") {
  Gpu gpu(h800());
  for (const Dtype dtype : {DTYPE_FP8, DTYPE_INT8}) {
    const compute::TileProgram program = gpu.program(gemm(16, 32, 16384, dtype));
    CAPTURE(program.variant);
    CHECK(program.variant.rfind("64x16x128", 0) == 0);
    CHECK(program.shared_flags == 0);
    CHECK(program.cores.size() <= 2);
  }
  CHECK(gpu.program(gemm(16, 32, 16384, DTYPE_FLOAT16)).shared_flags == 1);
}

// A grid of tiles does not follow a chip's numbers smoothly: another tile may be chosen, and a last
// wave may stay less full. 10 % is what that may cost.
TEST_CASE("more bandwidth, cores or shared memory are never slower, 40 random shapes") {
  constexpr double kTolerance = 1.10;
  Gpu base(h800(), "base");
  Chip chip = h800();
  chip.mutable_hbm()->set_data_rate(2 * chip.hbm().data_rate());
  Gpu hbm(chip, "hbm");
  chip = h800();
  chip.mutable_l2()->set_read_bandwidth(2 * chip.l2().read_bandwidth());
  chip.mutable_tensor_gpu()->set_l2_read(2 * chip.tensor_gpu().l2_read());
  Gpu l2(chip, "l2");
  chip = h800();
  chip.mutable_tensor_gpu()->set_sms(144);
  Gpu sms(chip, "sms");
  chip = h800();
  chip.set_clock(1.1 * chip.clock());
  Gpu clock(chip, "clock");
  std::mt19937 random(11);
  const auto draw = [&random](std::uint64_t octaves) {
    return static_cast<std::int64_t>(1 + random() % (std::uint64_t{1} << (random() % octaves + 1)));
  };
  for (int i = 0; i < 40; ++i) {
    const Operator op =
        gemm(draw(10), 16 * draw(7), 16 * draw(7), i % 2 == 0 ? DTYPE_BFLOAT16 : DTYPE_FP8_BLOCK);
    CAPTURE(op.ShortDebugString());
    const double before = microseconds(base.run(op));
    for (Gpu* more : {&hbm, &l2, &sms, &clock}) {
      CHECK(microseconds(more->run(op)) < kTolerance * before);
    }
  }
}

TEST_CASE("groups without rows cost nothing") {
  Gpu gpu(h800());
  const auto some = gpu.run(grouped_gemm({0, 5, 0, 130}, 512, 700, DTYPE_FP8_BLOCK));
  const auto same = gpu.run(grouped_gemm({5, 130}, 512, 700, DTYPE_FP8_BLOCK));
  CHECK(some.l2_bytes == same.l2_bytes);
  CHECK(gpu.run(grouped_gemm({0, 0}, 512, 700, DTYPE_FP8_BLOCK)).elapsed == 0);
}

TEST_CASE("a result does not depend on what ran before") {
  Gpu gpu(h800());
  const Operator op = gemm(300, 3000, 3000, DTYPE_FP8_BLOCK);
  const chips::RunActivity first = gpu.run(op);
  gpu.run(gemm(4096, 512, 512, DTYPE_BFLOAT16));
  const chips::RunActivity again = gpu.run(op);
  CHECK(first.elapsed == again.elapsed);
  CHECK(first.events == again.events);
  CHECK(first.hbm_busy == again.hbm_busy);
}

TEST_CASE("what the SM cannot do is refused") {
  Gpu gpu(h800());
  CHECK_THROWS_WITH(gpu.program(gemm(64, 64, 64, DTYPE_INT4)),
                    "tensor_gpu: the tensor core has no rate for int4");
  CHECK_THROWS_AS(gpu.program(gemm(64, 64, 64, DTYPE_FLOAT32)), UsageError);
  gpu.variants.set_gemm_dequant(DEQUANT_VECTOR);
  CHECK_THROWS_WITH(gpu.program(gemm(64, 64, 64, DTYPE_FP8_BLOCK)),
                    "tensor_gpu: fp8_block needs kernels.gemm_dequant: promotion");
  gpu.variants.set_mla(MLA_VARIANT_CM384);
  CHECK_THROWS_WITH(gpu.program(mla_decode(1, 64, 64)),
                    "tensor_gpu: mla_decode needs kernels.mla: flashmla_2025_04");
}

TEST_CASE("a weight gradient reads what it adds to, and scales both operands") {
  const auto gradient = [](bool accumulate, Dtype dtype) {
    Operator op = gemm(2048, 2048, 2048, dtype);
    op.mutable_gemm()->set_out_dtype(DTYPE_FLOAT32);
    op.mutable_gemm()->set_accumulate(accumulate);
    return op;
  };
  Gpu gpu(h800());
  for (const Dtype dtype : {DTYPE_FP8_BLOCK, DTYPE_BFLOAT16}) {
    const double writing = microseconds(gpu.run(gradient(false, dtype)));
    const double adding = microseconds(gpu.run(gradient(true, dtype)));
    INFO(Dtype_Name(dtype) << ": " << writing << " and " << adding << " us");
    CHECK(adding > writing);
  }
  CHECK(kernels::work_of(gradient(true, DTYPE_BFLOAT16)).tensors.size() ==
        kernels::work_of(gradient(false, DTYPE_BFLOAT16)).tensors.size() + 1);
}

// The 64 rows of wgmma are weights where there are few tokens: cuBLAS, column-major, has n first.
TEST_CASE("few rows are multiplied transposed, block scales with promotion are not") {
  Gpu gpu(h800());
  const auto transposed = [&gpu](const Operator& op) {
    return gpu.program(op).variant.find("transposed") != std::string::npos;
  };
  CHECK(transposed(gemm(16, 7168, 4096, DTYPE_BFLOAT16)));
  CHECK_FALSE(transposed(gemm(16, 7168, 4096, DTYPE_FP8_BLOCK)));
  const Operator op = gemm(24, 1000, 512, DTYPE_BFLOAT16);
  const compute::TileProgram program = gpu.program(op);
  CAPTURE(program.variant);
  CHECK(bytes_moved(program, chips::kTma, 0) >= 24.0 * 512 * 2);    // A
  CHECK(bytes_moved(program, chips::kTma, 1) >= 1000.0 * 512 * 2);  // B
  CHECK(bytes_moved(program, chips::kTma, 1) < 2 * 1000.0 * 512 * 2);
}

TEST_CASE("a tile of another group waits for its tensor map, one of the same does not") {
  const Operator op = grouped_gemm(std::vector<std::int64_t>(264, 16), 64, 64, DTYPE_BFLOAT16);
  Gpu gpu(h800());
  gpu.variants.set_group_walk(0);
  gpu.variants.set_group_change(0);
  const double at_once = microseconds(gpu.run(op));
  gpu.variants.set_group_change(5e-6);
  const double waiting = microseconds(gpu.run(op));
  CHECK(waiting > at_once + 4);  // two tiles an SM: one change, from when the first is loaded
  CHECK(waiting < at_once + 5.1);
}

namespace {

GemmTiles training_tiles(bool in_step, bool tile_by_tile) {
  GemmTiles tiles;
  tiles.set_dtype(DTYPE_FP8_BLOCK);
  tiles.add_rows(128);
  tiles.add_columns(128);
  tiles.set_in_step(in_step);
  tiles.set_tile_by_tile(tile_by_tile);
  return tiles;
}

}  // namespace

// A step of 128 of k is 2 x 256 multiply-add cycles. Apart, the promotion of one warpgroup (64 x
// 128 elements, 64 clk, and 24 + 2 x 45 clk of waiting) hides behind the other's wgmma; in step
// both promotions and one wait follow: 512 + 128 + 114.
TEST_CASE("warpgroups in step wait for their promotions, others hide them") {
  Gpu gpu(h800());
  constexpr std::int64_t kSteps = 512;
  const auto clocks_a_step = [&](bool in_step) {
    gpu.variants.clear_gemm();
    *gpu.variants.add_gemm() = training_tiles(in_step, false);
    const auto time = [&](std::int64_t steps) {
      return microseconds(gpu.run(gemm(128, 128, 128 * steps, DTYPE_FP8_BLOCK), 1));
    };
    return (time(2 * kSteps) - time(kSteps)) * 1755 / kSteps;
  };
  CHECK(clocks_a_step(false) == Approx(512).epsilon(0.02));
  CHECK(clocks_a_step(true) == Approx(512 + 128 + 114).epsilon(0.02));
}

TEST_CASE("tile by tile, a tile's loads wait for the output before it") {
  Gpu gpu(h800());
  const Operator short_k = gemm(4096, 8192, 512, DTYPE_FP8_BLOCK);
  const auto time = [&](bool tile_by_tile) {
    gpu.variants.clear_gemm();
    *gpu.variants.add_gemm() = training_tiles(true, tile_by_tile);
    return microseconds(gpu.run(short_k));
  };
  const double tiles = 16;  // of an SM: 32 x 64 / 132, rounded up
  const double beside = time(false);
  const double after = time(true);
  // At least a trip to L2 for each tile's first load, at most one to HBM and some.
  CHECK(after - beside > tiles * h800().l2().latency() * 1e6);
  CHECK(after - beside < 2 * tiles * (h800().l2().far_latency() + h800().hbm().latency()) * 1e6);
}

TEST_CASE("what a tile adds to is read once and written once, beside the products or after them") {
  Gpu gpu(h800());
  Operator gradient = gemm(1536, 1024, 2048, DTYPE_FP8_BLOCK);
  gradient.mutable_gemm()->set_out_dtype(DTYPE_FLOAT32);
  const double sums = 1536.0 * 1024 * 4;
  const auto moved = [&](bool accumulate, std::size_t queue) {
    gradient.mutable_gemm()->set_accumulate(accumulate);
    return bytes_moved(gpu.program(gradient), queue, 2);  // C
  };
  for (const bool tile_by_tile : {false, true}) {
    gpu.variants.clear_gemm();
    *gpu.variants.add_gemm() = training_tiles(true, tile_by_tile);
    CHECK(moved(false, chips::kTma) == 0);
    CHECK(moved(true, chips::kTma) == sums);
    CHECK(moved(true, chips::kTmaStore) == sums);
  }
  gradient.mutable_gemm()->set_accumulate(true);
  const double after = microseconds(gpu.run(gradient));
  gradient.mutable_gemm()->set_accumulate(false);
  CHECK(after > microseconds(gpu.run(gradient)));
}

TEST_CASE("a library without low tiles runs few rows in high ones") {
  Gpu gpu(h800());
  gpu.variants.clear_gemm();
  *gpu.variants.add_gemm() = training_tiles(true, true);
  CHECK(gpu.program(gemm(16, 512, 512, DTYPE_FP8_BLOCK)).variant.rfind("128x128x128", 0) == 0);
}

namespace {

// What the warp of the load engine does beside loading.
std::int64_t rests(const compute::TileProgram& program) {
  std::int64_t cycles = 0;
  for (const compute::Instruction& step : program.cores.front().queues[chips::kTma]) {
    cycles += step.bytes == 0 ? step.cycles : 0;
  }
  return cycles;
}

}  // namespace

// 30 ns at 1.755 GHz for each of 512 experts, of which one has rows.
TEST_CASE("a scheduler goes through its list of groups, with rows or without, a batch has none") {
  const Gpu gpu(h800());
  kernels::Work work = kernels::work_of(grouped_gemm({16}, 256, 512, DTYPE_BFLOAT16));
  CHECK(work.gemm->listed == 1);
  work.gemm->listed = 512;
  CHECK(rests(gpu.program(work)) == std::llround(512 * 30e-9 * 1.755e9));
  const Operator list = grouped_gemm(std::vector<std::int64_t>(264, 16), 64, 64, DTYPE_BFLOAT16);
  CHECK(rests(gpu.program(list)) > std::llround(1.9e-6 * 1.755e9));
  work = kernels::work_of(list);
  work.gemm->listed = 0;
  CHECK(rests(gpu.program(work)) == 0);
}

// vLLM's sm90_fp8_config: tiles of 64 rows up to 128, then 128 x 128 in clusters of two row blocks.
TEST_CASE("CUTLASS's FP8 kernels are taken by rows, and their clusters keep their shape") {
  Gpu gpu(h800());
  const auto variant = [&gpu](std::int64_t m) {
    return gpu.program(gemm(m, 4096, 4096, DTYPE_FP8)).variant;
  };
  CHECK(variant(128).rfind("64x", 0) == 0);
  CHECK(variant(129).rfind("128x128x128", 0) == 0);
  CHECK(variant(129).find("cluster 2x1") != std::string::npos);
  // Three row blocks by 44: one wave of SMs, but 88 clusters on 66 pairs of SMs.
  const Operator op = gemm(384, 44 * 128, 8192, DTYPE_FP8);
  const double paired = microseconds(gpu.run(op));
  GemmDispatch& last = *gpu.variants.mutable_gemm(0)->mutable_dispatch()->rbegin();
  REQUIRE(gpu.variants.gemm(0).dtype() == DTYPE_FP8);
  last.set_paired(false);
  CHECK(paired > 1.3 * microseconds(gpu.run(op)));
}

// DeepGEMM of July 2025: any height with the fewest waves and the fullest last one; multicast from
// 512 rows on, and not for groups. That of March: 64 rows up to 64, else 128.
TEST_CASE("DeepGEMM takes the fewest waves, and shares operands from 512 rows on") {
  Gpu gpu(h800());
  const auto variant = [&gpu](const Operator& op) { return gpu.program(op).variant; };
  const std::string low = variant(gemm(256, 128, 4096, DTYPE_FP8_BLOCK));
  CHECK(low.rfind("64x16x128", 0) == 0);
  CHECK(low.find("cluster") == std::string::npos);
  CHECK(variant(gemm(511, 8192, 4096, DTYPE_FP8_BLOCK)).find("cluster") == std::string::npos);
  CHECK(variant(gemm(512, 8192, 4096, DTYPE_FP8_BLOCK)).find("cluster") != std::string::npos);
  CHECK(variant(grouped_gemm({512, 512}, 8192, 4096, DTYPE_FP8_BLOCK)).find("cluster") ==
        std::string::npos);
  for (GemmTiles& tiles : *gpu.variants.mutable_gemm()) {
    tiles.set_low_rows(64);
  }
  CHECK(variant(gemm(256, 128, 4096, DTYPE_FP8_BLOCK)).rfind("128x16x128", 0) == 0);
  CHECK(variant(gemm(64, 128, 4096, DTYPE_FP8_BLOCK)).rfind("64x16x128", 0) == 0);
}
