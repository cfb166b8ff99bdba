#include <catch2/catch.hpp>

#include "schema/config/catalog.h"
#include "tests/models/kernels/davinci/die.h"

using namespace reticle;
using namespace reticle::kernels;

namespace {

config::Catalog catalog() { return config::Catalog(RETICLE_SOURCE_DIR "/configs"); }

double tbyte_per_s(const Chip& chip) {
  const Hbm& hbm = chip.hbm();
  return hbm.stacks() * hbm.channels_per_stack() * hbm.channel_width() / 8.0 * hbm.data_rate() /
         1e12;
}

}  // namespace

// Huawei's msmodeling and platform files (CANN runtime): peaks of each bin.
TEST_CASE("bins of the 910 have the published peaks") {
  CHECK(peak(die(), DTYPE_BFLOAT16, die().davinci().cube_cores()) == Approx(353.9).epsilon(0.001));
  CHECK(peak(die(), DTYPE_INT8, 24) == Approx(707.8).epsilon(0.001));
  const Chip b2 = chip_named("ascend-910b2");
  CHECK(peak(b2, DTYPE_BFLOAT16, b2.davinci().cube_cores()) == Approx(353.9).epsilon(0.001));
  const Chip b3 = chip_named("ascend-910b3");
  CHECK(peak(b3, DTYPE_BFLOAT16, b3.davinci().cube_cores()) == Approx(294.9).epsilon(0.001));
  const Chip b4 = chip_named("ascend-910b4");
  CHECK(peak(b4, DTYPE_BFLOAT16, b4.davinci().cube_cores()) == Approx(245.8).epsilon(0.001));
}

TEST_CASE("HBM, L2 and cores of the bins") {
  CHECK(tbyte_per_s(die()) == Approx(1.638).epsilon(0.001));
  CHECK(tbyte_per_s(chip_named("ascend-910b4")) == Approx(0.819).epsilon(0.001));
  CHECK(die().l2().capacity() == 192 * 1024 * 1024);
  CHECK(chip_named("ascend-910b4").l2().capacity() == 96 * 1024 * 1024);
  CHECK(chip_named("ascend-910b4").hbm().capacity() == 32.0 * 1024 * 1024 * 1024);
  CHECK(chip_named("ascend-910b3").davinci().vector_cores() == 40);
  CHECK(chip_named("ascend-910b3").die().cores_needed() == 20);
  CHECK(die().die().width() * die().die().height() == Approx(665.6e-6).epsilon(0.001));
}

// 48 vector cores x 64 FP32 lanes x 2 x 1.8 GHz = 11.06 TFLOPS, Huawei's own figure.
TEST_CASE("vector lanes give Huawei's FP32 peak") {
  const Chip chip = die();
  const Davinci& core = chip.davinci();
  CHECK(core.vector_cores() * core.vector_bytes() / 4 * 2 * chip.clock() ==
        Approx(11.06e12).epsilon(0.001));
}

TEST_CASE("the package is two dies and eight stacks, the die is not for sale") {
  const Chip package = chip_named("ascend-910c");
  CHECK(package.package().dies() == 2);
  CHECK(package.package().hbm_stacks() == package.package().dies() * package.hbm().stacks());
  CHECK(package.package().price() == 21354);
  CHECK(package.davinci().cube_cores() == 24);
  CHECK_FALSE(die().has_package());
}

TEST_CASE("numbers nobody published are graded C and have a range") {
  const config::Provenance from = catalog().chip("ascend-910c-die").provenance;
  for (const char* path : {"l2.latency", "hbm.latency", "davinci.cross_core_flag", "power.cap",
                           "energy.matrix.int8.op", "die.core_share"}) {
    INFO(path);
    CHECK(from.at(path).grade == "C");
    CHECK(from.at(path).low.has_value());
    CHECK(from.at(path).high.has_value());
  }
  CHECK(from.at("davinci.matrix.bfloat16.macs_per_clk").grade == "A");
}

TEST_CASE("every range of the die holds its value") {
  const config::Provenance from = catalog().chip("ascend-910c").provenance;
  const Chip chip = chip_named("ascend-910c");
  CHECK(from.at("davinci.fixpipe").low.value() <= chip.davinci().fixpipe());
  CHECK(from.at("davinci.fixpipe").high.value() >= chip.davinci().fixpipe());
  CHECK(from.at("l2.read_bandwidth").low.value() <= chip.l2().read_bandwidth());
  CHECK(from.at("l2.read_bandwidth").high.value() >= chip.l2().read_bandwidth());
  CHECK(from.at("package.price").low.value() == 15300);
  CHECK(from.at("package.price").high.value() == 28000);
}

TEST_CASE("cann-cm384 loads with the variants of CloudMatrix384") {
  const Software software = catalog().software("cann-cm384").message;
  CHECK(software.kernels().mla() == MLA_VARIANT_CM384);
  CHECK(software.kernels().gemm_dequant() == DEQUANT_VECTOR);
  CHECK(software.launch().graph_gap() == 1.5e-6);
  CHECK(software.launch().kernel_prologue() == 3.5e-6);
  CHECK(software.launch().core_start() == 0.42e-6);
  CHECK(software.host().time_per_step() == 1e-3);
  CHECK(software.transfers().row_alignment() == 512);
  CHECK(software.reserved_memory() == 4e9);
  CHECK(software.fused_size() == 10);
}
