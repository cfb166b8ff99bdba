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
  // 1.75 GB / 176 GB/s = 9,943.18 us, and 8.4 us of hops.
  CHECK(e.time_us == Approx(9951.581818));
  CHECK(e.algbw_gb_per_s == Approx(1e3 / 9.951581818));
  CHECK(e.busbw_gb_per_s == Approx(1.75 * e.algbw_gb_per_s));
  CHECK(e.bound_by == "link");
  CHECK(e.algorithm == "ring");
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

TEST_CASE("what is not modelled yet says so") {
  CollectiveOperator op;
  op.mutable_all_gather()->set_ranks(8);
  CHECK_THROWS_WITH(
      collective(gpu_cluster(), 1, software(), op),
      "op all_gather: not yet (all_reduce, moe_dispatch and moe_combine are modelled)");
  op = reduce(8, 1024);
  op.mutable_all_reduce()->set_placement("spread");
  CHECK_THROWS_WITH(collective(gpu_cluster(), 1, software(), op),
                    "placement=spread: not yet (packed is modelled)");
  CHECK_THROWS_AS(collective(gpu_cluster(), 1, software(), reduce(136, 1024)), UsageError);
}
