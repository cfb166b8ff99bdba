// Every GPU of configs/chips is the same programs with other parameters.
#include <algorithm>
#include <catch2/catch.hpp>

#include "models/chips/family.h"
#include "models/kernels/tensor_gpu/attention_tiling.h"
#include "models/kernels/tensor_gpu/gemm_tiling.h"
#include "models/kernels/tensor_gpu/matrix_path.h"
#include "models/kernels/work.h"
#include "schema/config/catalog.h"
#include "schema/errors.h"
#include "tests/models/kernels/tensor_gpu/chip_h800.h"

using namespace reticle;
using namespace reticle::test;
using namespace reticle::kernels::tensor_gpu;

namespace {

Chip chip_named(const std::string& name) {
  return config::Catalog(RETICLE_SOURCE_DIR "/configs").chip(name).message;
}

KernelVariants variants_of(const Chip& chip) {
  return config::Catalog(RETICLE_SOURCE_DIR "/configs").software(chip.software()).message.kernels();
}

kernels::Target target(const Chip& chip, const KernelVariants& variants) {
  Cores cores;
  cores.set_matrix(chip.tensor_gpu().sms());
  cores.set_vector(chip.tensor_gpu().sms());
  return {chip, variants, cores, chip.clock()};
}

// TFLOPS, dense.
double peak(const Chip& chip, Dtype dtype) {
  for (const MatrixRate& rate : chip.tensor_gpu().matrix()) {
    if (rate.dtype() == dtype) {
      return 2e-12 * rate.macs_per_clk() * chip.tensor_gpu().sms() * chip.clock();
    }
  }
  return 0;
}

Operator attention_prefill(std::int64_t isl) {
  Operator op;
  AttentionPrefill& prefill = *op.mutable_attention_prefill();
  prefill.set_batch_size(2);
  prefill.set_isl(isl);
  prefill.set_num_heads(32);
  prefill.set_num_key_value_heads(8);
  prefill.set_head_dim(128);
  prefill.set_dtype(DTYPE_BFLOAT16);
  return op;
}

Operator rmsnorm() {
  Operator op;
  op.mutable_rmsnorm()->set_m(4096);
  op.mutable_rmsnorm()->set_n(7168);
  op.mutable_rmsnorm()->set_dtype(DTYPE_BFLOAT16);
  return op;
}

// Share of the peak that an operator reaches.
double share(const Chip& chip, const Operator& op, Dtype dtype) {
  Gpu gpu(chip);
  const double operations = kernels::work_of(op).operations;
  return operations / microseconds(gpu.run(op)) * 1e-6 / peak(chip, dtype);
}

}  // namespace

// Datasheets, by way of shared/reference/hardware.md 2.1 and 6 (grade A; L40S A-).
TEST_CASE("peaks of the datasheets") {
  CHECK(peak(chip_named("a100-sxm-80gb"), DTYPE_BFLOAT16) == Approx(312).epsilon(0.005));
  CHECK(peak(chip_named("a100-sxm-80gb"), DTYPE_INT8) == Approx(624).epsilon(0.005));
  CHECK(peak(chip_named("h100-sxm"), DTYPE_FP8) == Approx(1979).epsilon(0.005));
  CHECK(peak(chip_named("l40s"), DTYPE_BFLOAT16) == Approx(362).epsilon(0.02));
  CHECK(peak(chip_named("l40s"), DTYPE_FP8) == Approx(733).epsilon(0.005));
  CHECK(peak(chip_named("b200-sxm"), DTYPE_BFLOAT16) == Approx(2250).epsilon(0.005));
  CHECK(peak(chip_named("b200-sxm"), DTYPE_NVFP4) == Approx(9000).epsilon(0.005));
  CHECK(peak(chip_named("gb200"), DTYPE_BFLOAT16) == Approx(2500).epsilon(0.03));
  for (const char* name : {"a100-sxm-80gb", "l40s", "b200-sxm", "h200-sxm"}) {
    const Hbm hbm = chip_named(name).hbm();
    const double bandwidth =
        1e-9 * hbm.stacks() * hbm.channels_per_stack() * hbm.channel_width() / 8 * hbm.data_rate();
    const double published = std::string(name) == "a100-sxm-80gb" ? 2039
                             : std::string(name) == "l40s"        ? 864
                             : std::string(name) == "b200-sxm"    ? 8000
                                                                  : 4800;
    INFO(name);
    CHECK(bandwidth == Approx(published).epsilon(0.002));
  }
}

TEST_CASE("operands: what each matrix instruction reads from shared memory") {
  const TensorGpu ampere = chip_named("a100-sxm-80gb").tensor_gpu();
  const TensorGpu hopper = chip_named("h100-sxm").tensor_gpu();
  const TensorGpu blackwell = chip_named("b200-sxm").tensor_gpu();
  CHECK(instruction_rows(ampere) == 16);
  CHECK(instruction_rows(hopper) == 64);
  CHECK(instruction_rows(blackwell) == 128);
  // Four warps of 64 x 64 read 64 + 64 each; as 2 x 2 two rows of warps share nothing.
  CHECK(operand_reads(ampere, 128, 128, false) == 2 * 128 + 2 * 128);
  CHECK(operand_reads(ampere, 64, 16, false) == 64 + 4 * 16);
  CHECK(operand_reads(hopper, 64, 256, false) == 64 + 256);
  CHECK(operand_reads(hopper, 128, 256, false) == 128 + 2 * 256);
  CHECK(operand_reads(blackwell, 128, 256, false) == 128 + 256);
  CHECK(operand_reads(blackwell, 128, 256, true) == 128 + 128);
  CHECK_FALSE(has_producer(ampere));
  CHECK(has_producer(hopper));
}

TEST_CASE("tilings keep to what the chip has") {
  const kernels::GemmWork work = {{8192}, 8192, 8192, DTYPE_BFLOAT16, DTYPE_BFLOAT16};
  for (const char* name : {"a100-sxm-80gb", "l40s", "h100-sxm", "b200-sxm"}) {
    const Chip chip = chip_named(name);
    const KernelVariants variants = variants_of(chip);
    const TensorGpu& gpu = chip.tensor_gpu();
    const kernels::Target machine = target(chip, variants);
    const std::vector<GemmTiling> all = gemm_candidates(work, gemm_library(work, machine), machine);
    INFO(name);
    REQUIRE_FALSE(all.empty());
    for (const GemmTiling& tiling : all) {
      CHECK(tiling.cluster() <= gpu.cluster());
      const std::int64_t sums = 4 * tiling.m * tiling.n * (tiling.ping_pong ? 2 : tiling.resident);
      CHECK(static_cast<double>(sums) <=
            (gpu.tensor_memory() > 0 ? gpu.tensor_memory() : gpu.registers()));
    }
  }
}

// One chip a case: SystemC elaborates once a process.
#define ON_EVERY_CHIP(check)                                        \
  TEST_CASE(#check " on a100-sxm-80gb") { check("a100-sxm-80gb"); } \
  TEST_CASE(#check " on l40s") { check("l40s"); }                   \
  TEST_CASE(#check " on h20") { check("h20"); }                     \
  TEST_CASE(#check " on b200-sxm") { check("b200-sxm"); }           \
  TEST_CASE(#check " on gb200") { check("gb200"); }

namespace {

void large_gemm(const std::string& name) {
  const double reached =
      share(chip_named(name), gemm(4096, 4096, 2048, DTYPE_BFLOAT16), DTYPE_BFLOAT16);
  CHECK(reached > 0.55);
  CHECK(reached < 1);
}

void prefill(const std::string& name) {
  const double reached = share(chip_named(name), attention_prefill(2048), DTYPE_BFLOAT16);
  CHECK(reached > 0.2);
  CHECK(reached < 1);
}

void vector(const std::string& name) {
  const Chip chip = chip_named(name);
  Gpu gpu(chip);
  const double bytes = 2 * 2.0 * 4096 * 7168;  // read and written, bf16
  const double rate = bytes / microseconds(gpu.run(rmsnorm())) * 1e6;
  const Hbm& hbm = chip.hbm();
  CHECK(rate >
        0.4 * hbm.stacks() * hbm.channels_per_stack() * hbm.channel_width() / 8 * hbm.data_rate());
}

}  // namespace

ON_EVERY_CHIP(large_gemm)
ON_EVERY_CHIP(prefill)
ON_EVERY_CHIP(vector)

TEST_CASE("fp8 and fp4 where the tensor core has them") {
  const Chip blackwell = chip_named("b200-sxm");
  Gpu gpu(blackwell);
  const Gpu ampere(chip_named("a100-sxm-80gb"), "ampere");
  gpu.variants = variants_of(blackwell);
  const double fp8 = microseconds(gpu.run(gemm(4096, 4096, 4096, DTYPE_FP8_BLOCK)));
  const double fp4 = microseconds(gpu.run(gemm(4096, 4096, 4096, DTYPE_NVFP4)));
  CHECK(fp4 < fp8);
  CHECK(2 * fp4 > fp8);
  CHECK_THROWS_WITH(ampere.program(gemm(64, 64, 64, DTYPE_FP8)),
                    "tensor_gpu: the tensor core has no rate for fp8");
}

TEST_CASE("FlashMLA is refused where there is only mma.sync") {
  Gpu gpu(chip_named("a100-sxm-80gb"));
  CHECK_THROWS_WITH(gpu.program(mla_decode(1, 1024, 16)),
                    "tensor_gpu: flashmla_2025_04 needs wgmma or tcgen05, this chip has mma_sync");
}

// TensorRT-LLM's tile of 576/512; 99 KB of shared memory hold 16 keys beside 64 rows of Q.
TEST_CASE("absorbed MLA without wgmma runs as attention of one head") {
  const std::vector<std::pair<std::string, std::string>> tiles = {{"a100-sxm-80gb", "64"},
                                                                  {"l40s", "16"}};
  for (const auto& [name, keys] : tiles) {
    const Chip chip = chip_named(name);
    const KernelVariants variants = variants_of(chip);
    const auto kernels = kernels::launches_tensor_gpu(kernels::work_of(mla_decode(4, 1000, 16)),
                                                      target(chip, variants));
    const auto core = std::find_if(kernels.begin(), kernels.end(), [](const kernels::Work& work) {
      return work.attention.has_value();
    });
    REQUIRE(core != kernels.end());
    const auto program = kernels::map_tensor_gpu(*core, target(chip, variants));
    CHECK_THAT(program.variant, Catch::StartsWith("64 rows x " + keys + " keys"));
    CHECK(bytes_moved(program, chips::kTma, 1) == 4.0 * 1000 * 576 * 2);
    CHECK(bytes_moved(program, chips::kTma, 2) == 0);
  }
}
