#include <catch2/catch.hpp>

#include "models/kernels/demand.h"
#include "models/kernels/work.h"
#include "schema/config/catalog.h"
#include "schema/errors.h"
#include "tests/models/kernels/model/chip_h100.h"

using namespace reticle;
using namespace reticle::test;

namespace {

Operator gemm(std::int64_t m, Dtype dtype, bool quantize) {
  Operator op;
  op.mutable_gemm()->set_m(m);
  op.mutable_gemm()->set_n(4096);
  op.mutable_gemm()->set_k(4096);
  op.mutable_gemm()->set_dtype(dtype);
  op.mutable_gemm()->set_quantize_a(quantize);
  op.mutable_gemm()->set_out_dtype(DTYPE_BFLOAT16);
  return op;
}

}  // namespace

TEST_CASE("kernels of a MoE layer: quantised types have one more") {
  CHECK(kernels::kernels_of(moe(64, "balanced", DTYPE_BFLOAT16)).size() == 8);
  const auto nine = kernels::kernels_of(moe(64, "balanced", DTYPE_FP8));
  REQUIRE(nine.size() == 9);
  CHECK(nine[5].gemm->rows == std::vector<std::int64_t>(128, 4));
  CHECK(nine[5].gemm->n == 2 * 768);
  CHECK(nine[5].gemm->k == 2048);
  CHECK(nine[7].gemm->n == 2048);
  CHECK(nine[7].gemm->k == 768);
}

TEST_CASE("a rank holds its share of experts and of their width") {
  Operator op = moe(1024, "balanced", DTYPE_BFLOAT16);
  op.mutable_moe()->set_moe_ep_size(8);
  op.mutable_moe()->set_moe_tp_size(4);
  const auto kernels = kernels::kernels_of(op);
  CHECK(kernels[4].gemm->rows == std::vector<std::int64_t>(16, 64));
  CHECK(kernels[4].gemm->n == 2 * 192);
  CHECK(kernels[6].gemm->k == 192);
  CHECK(kernels[3].vector->rows == 16 * 64);
}

TEST_CASE("experts without a row are not read") {
  const auto kernels = kernels::kernels_of(moe(1, "balanced", DTYPE_BFLOAT16));
  CHECK(kernels[4].gemm->rows == std::vector<std::int64_t>(8, 1));
  CHECK(kernels[4].tensors[1].bytes == 8.0 * 2 * 768 * 2048 * 2);
}

TEST_CASE("shapes that make no sense are refused") {
  Operator op = moe(1, "balanced", DTYPE_BFLOAT16);
  op.mutable_moe()->set_topk(200);
  CHECK_THROWS_WITH(kernels::kernels_of(op), "moe: topk=200 of num_experts=128");
  op.mutable_moe()->set_topk(8);
  op.mutable_moe()->set_moe_ep_size(3);
  CHECK_THROWS_WITH(kernels::kernels_of(op),
                    "moe: num_experts=128 is not a multiple of moe_ep_size=3");
  op.mutable_moe()->set_moe_ep_size(1);
  op.mutable_moe()->set_moe_tp_size(5);
  CHECK_THROWS_WITH(kernels::kernels_of(op),
                    "moe: inter_size=768 is not a multiple of moe_tp_size=5");
}

TEST_CASE("a layer counts its kernels and grouped GEMMs, and reads every weight once") {
  H100 gpu;
  const Operator op = moe(64, "balanced", DTYPE_FP8);
  const DemandVector whole = gpu.run(op);
  CHECK(whole.kernels() == 9);
  CHECK(whole.operations() == 2.0 * 64 * 8 * 2048 * 768 * 3);
  // All weights are read: one row or more reaches every expert.
  double hbm = 0;
  for (const ResourceUse& use : whole.use()) {
    hbm += use.resource() == RESOURCE_HBM ? use.amount() : 0;
    CHECK(use.busy_ps() <= whole.time_ps());
  }
  CHECK(hbm >= 128.0 * 3 * 2048 * 768);
  CHECK(hbm < 1.05 * 128.0 * 3 * 2048 * 768);
}

TEST_CASE("uneven experts cost more where the tensor core binds") {
  H100 gpu;
  const auto even = gpu.run(moe(16384, "balanced", DTYPE_BFLOAT16)).time_ps();
  const auto uneven = gpu.run(moe(16384, "power_law_1.2", DTYPE_BFLOAT16)).time_ps();
  CHECK(uneven > even * 95 / 100);
  CHECK(uneven < even * 2);
}

// Few tokens touch few experts; a busy layer reads all of them.
TEST_CASE("more tokens never cost less") {
  H100 gpu;
  std::int64_t before = 0;
  for (const std::int64_t tokens : {1, 4, 16, 64, 256, 1024, 4096}) {
    const std::int64_t now = gpu.run(moe(tokens, "power_law_1.2", DTYPE_FP8_BLOCK)).time_ps();
    CHECK(now > before);
    before = now;
  }
}

TEST_CASE("a gemm that quantises runs one kernel more and finds A in L2") {
  H100 gpu;
  const DemandVector plain = gpu.run(gemm(256, DTYPE_FP8, false), L2_START_COLD);
  const DemandVector quantising = gpu.run(gemm(256, DTYPE_FP8, true), L2_START_COLD);
  CHECK(plain.kernels() == 1);
  CHECK(quantising.kernels() == 2);
  CHECK(quantising.operations() == plain.operations());
  CHECK(quantising.time_ps() > plain.time_ps());
  const auto hbm = [](const DemandVector& demand) {
    double bytes = 0;
    for (const ResourceUse& use : demand.use()) {
      bytes += use.resource() == RESOURCE_HBM ? use.amount() : 0;
    }
    return bytes;
  };
  // A in bf16 instead of fp8; what is written stays in L2.
  CHECK(hbm(quantising) - hbm(plain) == Approx(256 * 4096.0).epsilon(0.02));
}

TEST_CASE("benchmarks leave inputs in L2 if six sets of all kernels' operands fit") {
  kernels::Tensor small;
  small.name = "x";
  small.bytes = 1000;
  kernels::Tensor carried = small;
  carried.carried = true;
  kernels::Work first;
  first.tensors = {small};
  kernels::Work second;
  second.tensors = {carried};
  L2State bench;
  bench.set_start(L2_START_BENCH);
  CHECK(kernels::start_state({first, second}, bench, 6, 6000).start() == L2_START_BENCH);
  CHECK(kernels::start_state({first, second}, bench, 6, 5999).start() == L2_START_COLD);
  CHECK(kernels::start_state({first, first}, bench, 6, 11999).start() == L2_START_COLD);
  L2State cold;
  cold.set_start(L2_START_COLD);
  CHECK(kernels::resident_tensors({small}, cold, 5000).empty());
  CHECK(kernels::resident_tensors({carried}, cold, 5000) == std::vector<std::string>{"x"});
  CHECK(kernels::resident_tensors({carried}, cold, 999).empty());
}
