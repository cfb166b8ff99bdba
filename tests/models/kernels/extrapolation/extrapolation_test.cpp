#include "models/kernels/extrapolation.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

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
  kernels::KernelModel whole("whole", chip, steps);
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

// What the budget costs and saves: docs/engine.md has the table.
TEST_CASE("error of extrapolation by budget", "[.report]") {
  const config::Catalog catalog(RETICLE_SOURCE_DIR "/configs");
  const Chip chip = catalog.chip("h100-sxm").message;
  const Software software = catalog.software(chip.software()).message;
  const std::vector<std::pair<std::string, Operator>> kernels = {
      {"gemm 8192 x 8192 x 8192", gemm("8192", "8192", "8192")},
      {"gemm 16384 x 8192 x 4096", gemm("16384", "8192", "4096")},
      {"gemm 6144 x 51200 x 2048", gemm("6144", "51200", "2048")},
      {"gemm 4096 x 4096 x 51200", gemm("4096", "4096", "51200")},
      {"grouped_gemm 64 x 2048 x 4096 x 2048",
       op("grouped_gemm",
          {{"groups", "64"}, {"m", "2048"}, {"n", "4096"}, {"k", "2048"}, {"dtype", "bfloat16"}})},
      {"mla_decode 512 x 4096, 128 heads",
       op("mla_decode", {{"batch_size", "512"}, {"kv_len", "4096"}, {"num_heads", "128"}})},
      {"attention_prefill 64 x 4096, 32 / 8 heads",
       op("attention_prefill", {{"batch_size", "64"},
                                {"isl", "4096"},
                                {"num_heads", "32"},
                                {"num_key_value_heads", "8"},
                                {"head_dim", "128"}})},
  };
  kernels::KernelModel whole("whole", chip, std::int64_t{1} << 26);
  kernels::KernelModel half("half", chip, std::int64_t{1} << 19);
  kernels::KernelModel quarter("quarter", chip, std::int64_t{1} << 18);
  kernels::KernelModel eighth("eighth", chip, std::int64_t{1} << 17);
  L2State bench;
  bench.set_start(L2_START_BENCH);
  for (const auto& [name, what] : kernels) {
    const KernelKey key =
        kernels::make_key(chip, software, what, kernels::all_cores(chip), bench, FIDELITY_CYCLE);
    const DemandVector all = whole.run(key);
    std::printf("%-42s %9llu events", name.c_str(), static_cast<unsigned long long>(all.events()));
    for (kernels::KernelModel* model : {&half, &quarter, &eighth}) {
      const DemandVector cut = model->run(key);
      std::printf(
          "  %+6.2f %% of %4.0f %%",
          100 * (static_cast<double>(cut.time_ps()) / static_cast<double>(all.time_ps()) - 1),
          100 * static_cast<double>(cut.events()) / static_cast<double>(all.events()));
    }
    std::printf("\n");
    CHECK(all.time_ps() > 0);
  }
}
