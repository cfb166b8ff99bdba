#include "models/kernels/fast_model.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "models/kernels/kernel_key.h"
#include "models/kernels/kernel_model.h"
#include "schema/config/assign.h"
#include "schema/config/catalog.h"
#include "schema/errors.h"

using namespace reticle;
using namespace reticle::kernels;

namespace {

using Kernels = std::vector<std::pair<std::string, std::vector<config::Assignment>>>;

Operator operator_of(const std::string& name, const std::vector<config::Assignment>& values) {
  Operator op;
  config::assign(config::select_op(op, name), values);
  return op;
}

struct FastSite {
  explicit FastSite(const std::string& name) : chip(catalog().chip(name).message) {
    software = catalog().software(chip.software()).message;
    l2.set_start(L2_START_BENCH);
  }
  static config::Catalog catalog() { return config::Catalog(RETICLE_SOURCE_DIR "/configs"); }

  DemandVector fast(const Operator& op) const {
    FastModel model(chip);
    return model.run(op, all_cores(chip), l2, software.kernels(), chip.clock());
  }
  std::int64_t fast_ps(const Operator& op) const { return fast(op).time_ps(); }

  Chip chip;
  Software software;
  L2State l2;
};

Kernels gpu_kernels() {
  const auto gemm = [](const char* m, const char* n, const char* k, const char* dtype) {
    return std::vector<config::Assignment>{{"m", m}, {"n", n}, {"k", k}, {"dtype", dtype}};
  };
  return {
      {"gemm", gemm("1024", "4096", "2048", "bfloat16")},
      {"gemm", gemm("16", "7168", "2048", "fp8")},
      {"gemm", gemm("2048", "2048", "1024", "fp8_block")},
      {"grouped_gemm",
       {{"groups", "16"}, {"m", "64"}, {"n", "2048"}, {"k", "2048"}, {"dtype", "bfloat16"}}},
      {"mla_decode", {{"batch_size", "32"}, {"kv_len", "1024"}, {"num_heads", "64"}}},
      {"attention_decode",
       {{"batch_size", "32"},
        {"kv_len", "2048"},
        {"num_heads", "32"},
        {"num_key_value_heads", "8"},
        {"head_dim", "128"}}},
      {"attention_prefill",
       {{"batch_size", "4"},
        {"isl", "1024"},
        {"num_heads", "16"},
        {"num_key_value_heads", "2"},
        {"head_dim", "128"}}},
      {"rmsnorm", {{"m", "2048"}, {"n", "7168"}}},
      {"copy", {{"bytes", "67108864"}}},
  };
}

Kernels davinci_kernels() {
  return {
      {"gemm", {{"m", "1024"}, {"n", "2048"}, {"k", "2048"}, {"dtype", "bfloat16"}}},
      {"gemm", {{"m", "128"}, {"n", "4096"}, {"k", "2048"}, {"dtype", "int8"}}},
      {"mla_decode", {{"batch_size", "24"}, {"kv_len", "1024"}, {"num_heads", "128"}}},
      {"attention_prefill",
       {{"batch_size", "2"},
        {"isl", "1024"},
        {"num_heads", "12"},
        {"num_key_value_heads", "2"},
        {"head_dim", "128"}}},
      {"rmsnorm", {{"m", "2048"}, {"n", "7168"}}},
  };
}

// `validate` prints the difference over whole tables.
void check_near_cycle(const std::string& chip, const Kernels& kernels, double tolerance) {
  const FastSite site(chip);
  KernelModel cycle(chip, site.chip);
  for (const auto& [name, values] : kernels) {
    const Operator op = operator_of(name, values);
    const DemandVector fast = site.fast(op);
    const DemandVector slow = cycle.run(
        make_key(site.chip, site.software, op, all_cores(site.chip), site.l2, FIDELITY_CYCLE));
    INFO(name << ' ' << fast.variant());
    CHECK(static_cast<double>(fast.time_ps()) ==
          Approx(static_cast<double>(slow.time_ps())).epsilon(tolerance));
    CHECK(fast.variant() == slow.variant());
    CHECK(fast.operations() == slow.operations());
    CHECK(fast.kernels() == slow.kernels());
    CHECK(fast.events() * 2 < slow.events());
    for (const ComponentEnergy& part : fast.energy()) {
      for (const ComponentEnergy& other : slow.energy()) {
        if (part.component() == other.component() && part.component() != "hbm") {
          INFO(part.component());
          CHECK(part.joules() == Approx(other.joules()).epsilon(0.1));
        }
      }
    }
  }
}

}  // namespace

TEST_CASE("fast is near cycle on H100, with the same tilings, launches and work") {
  check_near_cycle("h100-sxm", gpu_kernels(), 0.15);
}

TEST_CASE("fast is near cycle on A100") {
  check_near_cycle("a100-sxm-80gb", {gpu_kernels()[0], gpu_kernels()[5], gpu_kernels()[7]}, 0.15);
}

TEST_CASE("fast is near cycle on a 910C die") {
  check_near_cycle("ascend-910c-die", davinci_kernels(), 0.15);
}

TEST_CASE("fast follows what binds a kernel and nothing else") {
  FastSite site("h100-sxm");
  const Operator decode = operator_of(gpu_kernels()[5].first, gpu_kernels()[5].second);
  const Operator cube =
      operator_of("gemm", {{"m", "8192"}, {"n", "8192"}, {"k", "8192"}, {"dtype", "bfloat16"}});
  const auto decode_ps = static_cast<double>(site.fast_ps(decode));
  const auto cube_ps = static_cast<double>(site.fast_ps(cube));
  site.chip.mutable_hbm()->set_data_rate(2 * site.chip.hbm().data_rate());
  CHECK(static_cast<double>(site.fast_ps(decode)) < 0.75 * decode_ps);
  CHECK(static_cast<double>(site.fast_ps(cube)) > 0.97 * cube_ps);
}

TEST_CASE("more bandwidth is never slower at fast") {
  for (const auto& [name, values] : gpu_kernels()) {
    INFO(name);
    const Operator op = operator_of(name, values);
    const FastSite base("h100-sxm");
    const auto before = static_cast<double>(base.fast_ps(op));
    FastSite hbm = base;
    hbm.chip.mutable_hbm()->set_data_rate(1.5 * base.chip.hbm().data_rate());
    CHECK(static_cast<double>(hbm.fast_ps(op)) <= 1.01 * before);
    FastSite l2 = base;
    l2.chip.mutable_l2()->set_read_bandwidth(1.5 * base.chip.l2().read_bandwidth());
    CHECK(static_cast<double>(l2.fast_ps(op)) <= 1.01 * before);
    FastSite port = base;
    port.chip.mutable_tensor_gpu()->set_l2_read(2 * base.chip.tensor_gpu().l2_read());
    CHECK(static_cast<double>(port.fast_ps(op)) <= 1.01 * before);
  }
}

TEST_CASE("a model gives the same bits whatever it was asked before, at any clock") {
  const FastSite site("h100-sxm");
  FastModel model(site.chip);
  const auto ask = [&](std::size_t kernel, double clock_hz) {
    const auto [name, values] = gpu_kernels()[kernel];
    return model
        .run(operator_of(name, values), all_cores(site.chip), site.l2, site.software.kernels(),
             clock_hz)
        .SerializeAsString();
  };
  const std::string first = ask(0, 1.5e9);
  CHECK(ask(0, 1.2e9) != first);
  ask(6, 1.5e9);
  CHECK(ask(0, 1.5e9) == first);
}

TEST_CASE(
    "waiting behind other kernels costs what is not hidden, and never less the longer it is") {
  const FastSite site("h100-sxm");
  FastModel model(site.chip);
  for (const auto& [name, values] : gpu_kernels()) {
    const DemandVector demand =
        model.run_with_response(operator_of(name, values), all_cores(site.chip), site.l2,
                                site.software.kernels(), site.chip.clock());
    INFO(name);
    CHECK(demand.time_ps() == site.fast_ps(operator_of(name, values)));
    for (const ResourceUse& use : demand.use()) {
      const bool queue = use.resource() == RESOURCE_HBM;
      CHECK(use.response_size() == (queue ? 6 : 0));
      std::int64_t before = demand.time_ps();
      for (const WaitResponse& response : use.response()) {
        CHECK(response.time_ps() >= before);
        before = response.time_ps();
      }
      CHECK((!queue || before > demand.time_ps()));
    }
  }
}

TEST_CASE("fast takes one-element and huge shapes") {
  const FastSite site("h100-sxm");
  CHECK(site.fast_ps(
            operator_of("gemm", {{"m", "1"}, {"n", "1"}, {"k", "1"}, {"dtype", "bfloat16"}})) > 0);
  const DemandVector huge = site.fast(
      operator_of("gemm", {{"m", "32768"}, {"n", "65536"}, {"k", "51200"}, {"dtype", "bfloat16"}}));
  // 2.2e17 operations at the 1,000 TFLOPS of 132 SMs at 1.83 GHz.
  CHECK(static_cast<double>(huge.time_ps()) * 1e-12 == Approx(0.22).epsilon(0.1));
  CHECK(huge.extrapolated() > 0.98);
  CHECK(huge.events() < 100000);
}

TEST_CASE("fast refuses what cycle refuses, in the same words") {
  const FastSite site("h100-sxm");
  CHECK_THROWS_WITH(
      site.fast(operator_of("gemm", {{"m", "1"}, {"n", "1"}, {"k", "1"}, {"dtype", "int4"}})),
      "tensor_gpu: the tensor core has no rate for int4");
}
