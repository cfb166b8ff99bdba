#include "study/retarget/attention_backward.h"

#include <catch2/catch.hpp>

#include "schema/config/catalog.h"

namespace reticle::study {
namespace {

traces::RecognisedKernel backward(std::int64_t isl, std::int64_t heads) {
  traces::RecognisedKernel kernel;
  Operator op;
  op.mutable_mla_prefill()->set_batch_size(1);
  op.mutable_mla_prefill()->set_isl(isl);
  op.mutable_mla_prefill()->set_num_heads(heads);
  kernel.op = op;
  kernel.backward = {64, 128, 192, 128};
  return kernel;
}

Chip chip(const std::string& name) {
  return config::Catalog(RETICLE_SOURCE_DIR "/configs").chip(name).message;
}

}  // namespace

// Worked by hand for 64 queries, 128 keys, 192 and 128 wide, a warpgroup: products of 384 (64
// columns: shared memory as long as the tensor core) + 256 + 256 + 384 + 384 clk; 4,096 scores: 256
// of exp2, 160 of FP32; 16 KiB of P and dS and 24 KiB of dQ at 128 B/clk: 320. Twice, and 5 x 69 +
// 2 x 45.
TEST_CASE("a block of queries takes its products and what lies between, one after the other") {
  const Chip h800 = chip("h800-sxm");
  constexpr double kStep = 2 * (1664 + 256 + 160 + 320) + 435;
  constexpr double kClock = 1e9;
  // One more block of keys of one head on one SM adds as many steps as there are blocks of queries.
  const auto ps = [&](std::int64_t isl) {
    return static_cast<double>(*attention_backward_ps(backward(isl, 1), h800, 1, kClock));
  };
  const double third = (ps(384) - ps(256)) - (ps(256) - ps(128));
  CHECK(third == Approx(2 * kStep * 1000));  // two more blocks of queries
}

TEST_CASE("backward attention spreads over SMs and heads, and is as fast as the clock") {
  const Chip h800 = chip("h800-sxm");
  const std::int64_t one = *attention_backward_ps(backward(4096, 128), h800, 112, 1.98e9);
  CHECK(one > 3000000000);  // the recorded 3.6 to 3.9 ms have the L2's and HBM's share in them
  CHECK(one < 3900000000);
  CHECK(*attention_backward_ps(backward(4096, 64), h800, 56, 1.98e9) == Approx(one));
  CHECK(*attention_backward_ps(backward(4096, 128), h800, 132, 1.98e9) < one);
  CHECK(*attention_backward_ps(backward(4096, 128), h800, 112, 1.5e9) > one);
}

TEST_CASE("a kernel without a tile, and a chip without wgmma, are left to the ratio of products") {
  traces::RecognisedKernel other = backward(4096, 128);
  CHECK_FALSE(attention_backward_ps(other, chip("a100-sxm-80gb"), 88, 1.4e9));
  CHECK_FALSE(attention_backward_ps(other, chip("ascend-910c-die"), 24, 1.8e9));
  other.backward = {};
  CHECK_FALSE(attention_backward_ps(other, chip("h800-sxm"), 112, 1.98e9));
}

}  // namespace reticle::study
