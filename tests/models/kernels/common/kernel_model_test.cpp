#include "models/kernels/kernel_model.h"

#include <catch2/catch.hpp>

#include "models/kernels/kernel_key.h"
#include "schema/config/assign.h"
#include "schema/config/canonical.h"
#include "schema/config/catalog.h"
#include "schema/errors.h"

using namespace reticle;
using namespace reticle::kernels;

namespace {

// A chip of configs/ with the keys to ask it.
struct Bench {
  explicit Bench(const std::string& name)
      : catalog(RETICLE_SOURCE_DIR "/configs"),
        chip(catalog.chip(name).message),
        software(catalog.software(chip.software()).message),
        model("chip", chip) {}

  KernelKey key(const std::string& op, const std::vector<config::Assignment>& values) const {
    Operator shape;
    config::assign(config::select_op(shape, op), values);
    L2State l2;
    l2.set_start(L2_START_COLD);
    return make_key(chip, software, shape, all_cores(chip), l2, FIDELITY_CYCLE);
  }
  DemandVector run(const std::string& op, const std::vector<config::Assignment>& values) {
    return model.run(key(op, values));
  }

  config::Catalog catalog;
  Chip chip;
  Software software;
  KernelModel model;
};

double joules(const DemandVector& demand) {
  double sum = 0;
  for (const ComponentEnergy& energy : demand.energy()) {
    sum += energy.joules();
  }
  return sum;
}

const std::vector<config::Assignment> kShape = {
    {"m", "128"}, {"n", "2048"}, {"k", "1024"}, {"dtype", "fp8"}};

std::vector<config::Assignment> with(std::vector<config::Assignment> base, const char* key,
                                     const char* value) {
  base.emplace_back(key, value);
  return base;
}

}  // namespace

TEST_CASE("a kernel's result is the same bytes again, also after other kernels") {
  Bench bench("ascend-910c-die");
  const auto shape =
      std::vector<config::Assignment>{{"m", "96"}, {"n", "1024"}, {"k", "1024"}, {"dtype", "int8"}};
  const std::string alone = config::deterministic_bytes(bench.run("gemm", shape));
  bench.run("rmsnorm", {{"m", "64"}, {"n", "7168"}});
  bench.run("mla_decode", {{"batch_size", "2"}, {"kv_len", "512"}, {"num_heads", "128"}});
  CHECK(config::deterministic_bytes(bench.run("gemm", shape)) == alone);
}

// A is 128 x 1024 bytes and 128 FP32 scales, which the GEMM then finds in L2.
TEST_CASE("quantize_a runs one kernel more, and costs what that costs but for reading A") {
  Bench bench("h800-sxm");
  const DemandVector plain = bench.run("gemm", kShape);
  const DemandVector quantise =
      bench.run("quantize", {{"m", "128"}, {"n", "1024"}, {"dtype", "fp8"}});
  const DemandVector both = bench.run("gemm", with(kShape, "quantize_a", "true"));
  CHECK(plain.kernels() == 1);
  CHECK(both.kernels() == 2);
  CHECK(both.time_ps() < plain.time_ps() + quantise.time_ps());
  CHECK(both.time_ps() > plain.time_ps() * 9 / 10 + quantise.time_ps());
  CHECK(both.events() == plain.events() + quantise.events());
  const double read = (128 * 1024 + 128 * 4) * 85e-12;
  CHECK(joules(both) + read == Approx(joules(plain) + joules(quantise)).epsilon(1e-9));
  CHECK(both.operations() == plain.operations());
}

TEST_CASE("what has no scales is not quantised") {
  Bench bench("h800-sxm");
  std::vector<config::Assignment> shape = {
      {"m", "1"}, {"n", "64"}, {"k", "64"}, {"dtype", "bfloat16"}, {"quantize_a", "true"}};
  CHECK_THROWS_WITH(
      bench.run("gemm", shape),
      "quantize_a=true: m=1 n=64 k=64 dtype=bfloat16 quantize_a=true out_dtype=bfloat16 has no "
      "scales");
  CHECK_THROWS_AS(bench.run("gemm", shape), UsageError);
}

TEST_CASE("nothing is busy for longer than the kernel takes") {
  Bench bench("h800-sxm");
  for (const char* m : {"1", "64", "1000"}) {
    const DemandVector demand =
        bench.run("gemm", {{"m", m}, {"n", "4096"}, {"k", "7168"}, {"dtype", "bfloat16"}});
    for (const ResourceUse& use : demand.use()) {
      INFO(Resource_Name(use.resource()));
      CHECK(use.busy_ps() <= demand.time_ps());
    }
  }
}

TEST_CASE("keys that are not this chip's are refused") {
  Bench bench("h800-sxm");
  KernelKey key = bench.key("gemm", kShape);
  key.mutable_chip()->mutable_l2()->set_capacity(1);
  CHECK_THROWS_WITH(bench.model.run(key), "kernel key of another chip");
}

TEST_CASE("as many cores as there are, and not one more") {
  Bench bench("ascend-910c-die");
  KernelKey key = bench.key("rmsnorm", {{"m", "64"}, {"n", "128"}});
  CHECK(bench.model.run(key).time_ps() > 0);
  key.mutable_cores()->set_vector(49);
  CHECK_THROWS_WITH(bench.model.run(key),
                    "cores 24/49 (matrix/vector) asked for, the chip has 24/48");
  key.mutable_cores()->set_vector(48);
  key.mutable_cores()->set_matrix(25);
  CHECK_THROWS_AS(bench.model.run(key), UsageError);
}
