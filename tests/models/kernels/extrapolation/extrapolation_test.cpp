#include "models/kernels/extrapolation.h"

#include <catch2/catch.hpp>

#include "models/kernels/kernel_key.h"
#include "models/kernels/kernel_model.h"
#include "schema/config/assign.h"
#include "schema/config/catalog.h"

using namespace reticle;

namespace {

Operator op(const std::string& name, const std::vector<config::Assignment>& values) {
  Operator result;
  config::assign(config::select_op(result, name), values);
  return result;
}

Operator gemm(const std::string& m, const std::string& n, const std::string& k) {
  return op("gemm", {{"m", m}, {"n", n}, {"k", k}, {"dtype", "bfloat16"}});
}

// The same kernel whole, and cut to a quarter of its steps and extrapolated. The L2 is small, as
// what is cut in earnest is far larger than any L2: only then does the second half repeat the
// first.
constexpr double kSmallL2 = 16 * 1024 * 1024;

struct Pair {
  DemandVector whole;
  DemandVector cut;
};

Pair both(const std::string& chip_name, const Operator& what, std::int64_t steps) {
  const config::Catalog catalog(RETICLE_SOURCE_DIR "/configs");
  Chip chip = catalog.chip(chip_name).message;
  chip.mutable_l2()->set_capacity(kSmallL2);
  const Software software = catalog.software(chip.software()).message;
  kernels::KernelModel whole("whole", chip);
  kernels::KernelModel cut("cut", chip, steps / 4);
  L2State cold;
  cold.set_start(L2_START_COLD);
  const KernelKey key =
      kernels::make_key(chip, software, what, kernels::all_cores(chip), cold, FIDELITY_CYCLE);
  return {whole.run(key), cut.run(key)};
}

void check_close(const Pair& pair, double tolerance) {
  CHECK(static_cast<double>(pair.cut.time_ps()) ==
        Approx(static_cast<double>(pair.whole.time_ps())).epsilon(tolerance));
  CHECK(pair.cut.operations() == pair.whole.operations());
  CHECK(pair.cut.events() < pair.whole.events() / 2);
  REQUIRE(pair.cut.energy_size() == pair.whole.energy_size());
  for (int i = 0; i < pair.cut.energy_size(); ++i) {
    INFO(pair.cut.energy(i).component());
    CHECK(pair.cut.energy(i).joules() == Approx(pair.whole.energy(i).joules()).epsilon(0.1));
  }
}

}  // namespace

TEST_CASE("work within the budget is not cut") {
  // 1,024 rows of 7,168 bf16 in and out: 28 KiB a row.
  const kernels::Work work = kernels::work_of(op("rmsnorm", {{"m", "1024"}, {"n", "7168"}}));
  const std::int64_t steps = kernels::tile_steps(work);
  CHECK(steps == 1024 * 28 / 16);
  CHECK_FALSE(kernels::extrapolation(work, steps));
  CHECK(kernels::extrapolation(work, steps - 1024));
}

TEST_CASE("a cut work has a part and twice the part, and the factor makes up the rest") {
  const kernels::Work work = kernels::work_of(op("rmsnorm", {{"m", "65536"}, {"n", "7168"}}));
  const auto parts = kernels::extrapolation(work, 10000);
  REQUIRE(parts);
  const auto small = static_cast<double>(parts->small.vector->rows);
  CHECK(parts->large.vector->rows == 2 * parts->small.vector->rows);
  CHECK(2 * small + parts->factor * small == 65536);
}

TEST_CASE("a GEMM of uneven groups is cut by waves too") {
  const Operator grouped = op("grouped_gemm", {{"groups", "3"},
                                               {"m_list", "4096:8192:2048"},
                                               {"n", "4096"},
                                               {"k", "4096"},
                                               {"dtype", "bfloat16"}});
  check_close(both("h800-sxm", grouped, 14336 / 128 * 32 * 64), 0.05);
}

// Steps of 8192 x 8192 x 8192: 64 x 64 x 128. The error is what the extrapolation costs.
TEST_CASE("an extrapolated GEMM is within 5 % of the whole one on a DaVinci die") {
  check_close(both("ascend-910c-die", gemm("8192", "8192", "8192"), 64 * 64 * 128), 0.05);
}

TEST_CASE("an extrapolated GEMM is within 5 % of the whole one on H800") {
  check_close(both("h800-sxm", gemm("8192", "8192", "8192"), 64 * 64 * 128), 0.05);
}

TEST_CASE("an extrapolated vector operator is within 2 % of the whole one") {
  // 65,536 rows of 7,168 bf16 in and out: 28 KiB a row, 16 KiB a step.
  const Operator rmsnorm = op("rmsnorm", {{"m", "65536"}, {"n", "7168"}});
  check_close(both("ascend-910c-die", rmsnorm, 65536 * 28 / 16), 0.02);
}

TEST_CASE("an extrapolated MLA core is within 5 % of the whole one") {
  const Operator mla =
      op("mla_decode", {{"batch_size", "2112"}, {"kv_len", "1024"}, {"num_heads", "64"}});
  check_close(both("h800-sxm", mla, 2112 * 1 * 8 * 17), 0.05);
}
