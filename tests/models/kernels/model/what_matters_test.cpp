#include <catch2/catch.hpp>

#include "models/kernels/kernel_key.h"
#include "models/kernels/kernel_model.h"
#include "schema/config/catalog.h"

using namespace reticle;

namespace {

constexpr std::int64_t kBudget = 1 << 16;  // steps; more are extrapolated

const config::Catalog& catalog() {
  static const config::Catalog configs(std::string(RETICLE_SOURCE_DIR) + "/configs");
  return configs;
}

Operator gemm(std::int64_t m, std::int64_t n, std::int64_t k) {
  Operator op;
  op.mutable_gemm()->set_m(m);
  op.mutable_gemm()->set_n(n);
  op.mutable_gemm()->set_k(k);
  op.mutable_gemm()->set_dtype(DTYPE_BFLOAT16);
  op.mutable_gemm()->set_out_dtype(DTYPE_BFLOAT16);
  return op;
}

class Gpu {
 public:
  Gpu(const std::string& name, const Chip& chip) : chip_(chip), model_(name, chip, kBudget) {}

  double us(const Operator& op) {
    L2State l2;
    l2.set_start(L2_START_BENCH);
    const Software software = catalog().software(chip_.software()).message;
    const auto demand = model_.run(
        kernels::make_key(chip_, software, op, kernels::all_cores(chip_), l2, FIDELITY_CYCLE));
    return static_cast<double>(demand.time_ps()) * 1e-6;
  }

 private:
  Chip chip_;
  kernels::KernelModel model_;
};

// A chip, and one of its numbers doubled.
Chip twice_hbm(Chip chip) {
  chip.mutable_hbm()->set_data_rate(2 * chip.hbm().data_rate());
  return chip;
}

Chip twice_tensor(Chip chip) {
  auto& rates = chip.family() == FAMILY_DAVINCI ? *chip.mutable_davinci()->mutable_matrix()
                                                : *chip.mutable_tensor_gpu()->mutable_matrix();
  for (MatrixRate& rate : rates) {
    rate.set_macs_per_clk(2 * rate.macs_per_clk());
  }
  return chip;
}

// Times after doubling, over those before.
struct Doubled {
  double tensor_of_cube;    // at most
  double tensor_of_decode;  // at least
  double hbm_of_decode;     // at most; not a half: rows open no faster, and half of the data
                            // crosses between L2's partitions
};

// Doubling HBM does not matter to an 8192-cube, nor the tensor peak to a decode shape; the other
// way round they do.
void check_what_matters(const std::string& name, const Doubled& limits) {
  const Chip chip = catalog().chip(name).message;
  Gpu base("base", chip);
  Gpu hbm("hbm", twice_hbm(chip));
  Gpu tensor("tensor", twice_tensor(chip));
  const Operator cube = gemm(8192, 8192, 8192);
  const Operator decode = gemm(16, 8192, 7168);
  const double cube_us = base.us(cube);
  const double decode_us = base.us(decode);
  CHECK(hbm.us(cube) > 0.98 * cube_us);
  CHECK(tensor.us(cube) < limits.tensor_of_cube * cube_us);
  CHECK(tensor.us(decode) > limits.tensor_of_decode * decode_us);
  CHECK(hbm.us(decode) < limits.hbm_of_decode * decode_us);
}

}  // namespace

TEST_CASE("what must matter does, what must not does not: H100") {
  check_what_matters("h100-sxm", {0.75, 0.98, 0.8});
}
// Products by mma.sync stand between the loads of a warp: 5 % of a decode shape are theirs.
TEST_CASE("what must matter does, what must not does not: A100") {
  check_what_matters("a100-sxm-80gb", {0.75, 0.94, 0.9});
}
// Ports that fill L1 bind a DaVinci's large GEMMs (hw 5), its cube less.
TEST_CASE("what must matter does, what must not does not: 910C") {
  check_what_matters("ascend-910c-die", {0.98, 0.98, 0.8});
}

// A benchmark's outputs have to go to HBM in the end: 67 MB of them at the pins' 3.354 TB/s take 20
// us, though L2 would hold the last 50.
TEST_CASE("steady repetition pays for the output that the one before left in L2") {
  Gpu gpu("gpu", catalog().chip("h100-sxm").message);
  const double bytes = 8192.0 * 4096 * 2;
  CHECK(gpu.us(gemm(8192, 4096, 64)) > bytes / 3.354e12 * 1e6);
}
