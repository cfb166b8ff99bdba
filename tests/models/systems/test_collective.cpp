#include <catch2/catch.hpp>

#include "models/systems/collective.h"
#include "schema/errors.h"
#include "tests/models/systems/toy_systems.h"

using namespace reticle;
using namespace reticle::systems;

namespace {

CollectiveOperator reduce(std::int64_t ranks, std::int64_t bytes) {
  CollectiveOperator op;
  op.mutable_all_reduce()->set_ranks(ranks);
  op.mutable_all_reduce()->set_bytes(bytes);
  op.mutable_all_reduce()->set_placement("packed");
  return op;
}

CollectiveOperator dispatch(const MoeTransfer& transfer) {
  CollectiveOperator op;
  *op.mutable_moe_dispatch() = transfer;
  return op;
}

Software software() {
  Software out;
  *out.mutable_transfers() = block_scaled_rows();
  return out;
}

}  // namespace

TEST_CASE("all_reduce: algbw is buffer over time, busbw 2(n-1)/n of it") {
  const CollectiveEstimate e = collective(gpu_cluster(), 1, software(), reduce(8, 1'000'000'000));
  // 1.75 GB / 176 GB/s = 9,943.18 us, and two hops.
  CHECK(e.time_us == Approx(9944.381818));
  CHECK(e.algbw_gb_per_s == Approx(1e3 / 9.944381818));
  CHECK(e.busbw_gb_per_s == Approx(1.75 * e.algbw_gb_per_s));
  CHECK(e.bound_by == "link");
  CHECK(e.algorithm == "direct");
  CHECK(collective(gpu_cluster(), 1, software(), reduce(8, 64)).bound_by == "latency");
}

// DeepEP's README: 98 GB/s x 77 us is 1,024 rows of 7,392 B, those a rank keeps included.
TEST_CASE("dispatch: algbw counts every row as DeepEP does, busbw those that leave") {
  const CollectiveEstimate e =
      collective(gpu_cluster(), 1, software(), dispatch(transfer(8, 128, 8, DTYPE_FP8_BLOCK)));
  CHECK(e.time_us == Approx(37.632 + 0.6));
  CHECK(e.algbw_gb_per_s == Approx(1024 * 7392 / 38.232e3));
  CHECK(e.busbw_gb_per_s == Approx(e.algbw_gb_per_s * 7 / 8));
  CHECK(e.algorithm == "push");
}

TEST_CASE("core work adds to the network and names itself when it is the longer part") {
  const CollectiveOperator op = dispatch(transfer(8, 128, 8, DTYPE_FP8_BLOCK));
  CollectiveEstimate e = collective(gpu_cluster(), 1, software(), op, {30'000'000, "vector"});
  CHECK(e.time_us == Approx(68.232));
  CHECK(e.bound_by == "link");
  e = collective(gpu_cluster(), 1, software(), op, {40'000'000, "vector"});
  CHECK(e.time_us == Approx(78.232));
  CHECK(e.bound_by == "vector");
}

TEST_CASE("dispatch and combine of equal rows take equal time") {
  CollectiveOperator back;
  *back.mutable_moe_combine() = transfer(16, 128, 8, DTYPE_BFLOAT16);
  CHECK(collective(gpu_cluster(), 1, software(), back).time_us ==
        collective(gpu_cluster(), 1, software(), dispatch(back.moe_combine())).time_us);
}

TEST_CASE("every collective counts bandwidth as nccl-tests does") {
  const auto check = [](Collective* op, CollectiveOperator& whole, double factor) {
    op->set_ranks(8);
    op->set_bytes(1 << 20);
    op->set_placement("packed");
    const CollectiveEstimate e = collective(gpu_cluster(), 1, software(), whole);
    CHECK(e.algbw_gb_per_s == Approx((1 << 20) / e.time_us / 1e3));
    CHECK(e.busbw_gb_per_s == Approx(factor * e.algbw_gb_per_s));
  };
  CollectiveOperator op;
  check(op.mutable_all_gather(), op, 7.0 / 8);
  check(op.mutable_reduce_scatter(), op, 7.0 / 8);
  check(op.mutable_all_to_all(), op, 7.0 / 8);
  check(op.mutable_send_recv(), op, 1);
}

TEST_CASE("what is not modelled yet says so") {
  CollectiveOperator op = reduce(8, 1024);
  op.mutable_all_reduce()->set_placement("spread");
  CHECK_THROWS_WITH(collective(gpu_cluster(), 1, software(), op),
                    "placement=spread: not packed, packages or nodes");
  CHECK_THROWS_AS(collective(gpu_cluster(), 1, software(), reduce(136, 1024)), UsageError);
}
