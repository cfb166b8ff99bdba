#include <catch2/catch.hpp>

#include "models/systems/moe_transfer.h"
#include "schema/errors.h"
#include "tests/models/systems/toy_systems.h"

using namespace reticle;
using namespace reticle::systems;

namespace {

MoeTransferCost cost(const System& system, std::int64_t per_package, const Transfers& transfers,
                     const MoeTransfer& op) {
  return moe_transfer(span(system, per_package, op.ranks()), transfers, op, Direction::kDispatch);
}

MoeTransferCost gpus(const System& system, std::int64_t ranks) {
  return cost(system, 1, block_scaled_rows(), transfer(ranks, 128, 8, DTYPE_FP8_BLOCK));
}

}  // namespace

// shared defaults: 7,680 B = 7,168 + 4 padded to 512; DeepEP 7,392 = 7,168 + 56 x 4; bf16 14,336.
TEST_CASE("a row on the wire is payload, scales and padding") {
  CHECK(row_bytes(7168, DTYPE_INT8, padded_rows()).wire == 7680);
  CHECK(row_bytes(7168, DTYPE_INT8, padded_rows()).data() == 7172);
  CHECK(row_bytes(7168, DTYPE_FP8_BLOCK, block_scaled_rows()).wire == 7392);
  CHECK(row_bytes(7168, DTYPE_BFLOAT16, padded_rows()).wire == 14336);
  CHECK(row_bytes(7168, DTYPE_BFLOAT16, block_scaled_rows()).wire == 14336);
  CHECK(row_bytes(7169, DTYPE_FP8, block_scaled_rows()).wire == 7169 + 57 * 4);
  CHECK(row_bytes(7168, DTYPE_INT4, padded_rows()).wire == 4096);  // 3,584 + 4, padded
  CHECK_THROWS_WITH(row_bytes(7, DTYPE_INT4, padded_rows()),
                    "hidden=7: a row is not a whole number of bytes");
}

TEST_CASE("eight dies: six of eight parts cross the port, one the die link, one stays") {
  const MoeTransferCost c = cost(supernode(), 2, padded_rows(), transfer(8, 128, 8, DTYPE_INT8));
  CHECK(c.rows == 1024);
  CHECK(c.local_rows == 128);
  // 6 x 128 x 7,680 B / 196 GB/s = 30.0930... us, then 1.2 us to the last arrival.
  CHECK(c.network.wire_ps == 30'093'061);
  CHECK(c.network.latency_ps == 1'200'000);
  CHECK(c.network.barrier_ps == 0);
  CHECK(c.network.bound_tier == "ub_node");
  CHECK(c.network.bound_resource == "ub_node injection");
  CHECK(c.network.bound_by() == "link");
  REQUIRE(c.network.tiers.size() == 2);
  CHECK(c.network.tiers[0].wire_bytes == 983'040);
  CHECK(c.network.tiers[1].wire_bytes == 5'898'240);
  CHECK(c.network.tiers[0].energy_j == Approx(983'040 * 8e-12));
  CHECK(c.network.energy_j() == Approx(983'040 * 8e-12 + 5'898'240 * 40e-12));
}

TEST_CASE("320 dies: both outer tiers share the port") {
  MoeTransfer op = transfer(320, 96, 9, DTYPE_INT8);
  op.set_experts(320);
  Transfers transfers = padded_rows();
  transfers.set_barriers(2);
  const MoeTransferCost c = cost(supernode(), 2, transfers, op);
  // 864 rows, 2.7 a destination; 318 of 320 parts over 196 GB/s: 33.6434... us.
  CHECK(c.network.wire_ps == 33'643'102);
  CHECK(c.network.latency_ps == 1'900'000);
  CHECK(c.network.barrier_ps == 3'800'000);
  CHECK(c.network.total_ps() == 39'343'102);
  CHECK(c.network.bound_tier == "ub_system");
  CHECK(c.network.bound_resource == "ub port injection");
  double sent = c.local_rows * c.row.wire;
  for (const TierTraffic& tier : c.network.tiers) {
    sent += tier.wire_bytes;
  }
  CHECK(sent == Approx(864 * 7680.0).epsilon(1e-12));
}

TEST_CASE("a node's uplink below its ranks' ports binds") {
  System system = supernode();
  system.mutable_fabric()->mutable_tiers(2)->set_uplink(1568e9);  // half of 16 x 196
  MoeTransfer op = transfer(320, 96, 9, DTYPE_INT8);
  const MoeTransferCost c = cost(system, 2, padded_rows(), op);
  // 16 ranks x 304 of 320 parts of 864 x 7,680 B / 1,568 GB/s.
  CHECK(c.network.wire_ps == 64'323'918);
  CHECK(c.network.bound_resource == "ub_system uplink");
}

TEST_CASE("two dies of two packages: a pair does not reach the port's rate") {
  System system = supernode();
  // One die a package: two ranks, one pair, 512 rows each over 137 GB/s.
  const MoeTransferCost c = cost(system, 1, padded_rows(), transfer(2, 128, 8, DTYPE_INT8));
  CHECK(c.network.wire_ps == 28'701'898);
  CHECK(c.network.bound_resource == "pair");
}

TEST_CASE("EP128 on GPUs: the NIC binds") {
  const MoeTransferCost c = gpus(gpu_cluster(), 128);
  // 120 of 128 parts of 1,024 x 7,392 B over 46 GB/s: 154.267... us.
  CHECK(c.network.wire_ps == 154'267'826);
  CHECK(c.network.latency_ps == 1'750'000);
  CHECK(c.network.bound_tier == "rdma");
  CHECK(c.network.bound_resource == "rdma injection");
  REQUIRE(c.network.tiers.size() == 2);
  CHECK(c.network.tiers[1].payload_bytes == 7'096'320);
  CHECK(c.network.tiers[1].wire_bytes == Approx(7'096'320 / 0.92));
}

TEST_CASE("a faster NIC helps until NVLink binds, and no further") {
  System system = gpu_cluster();
  Tier* nic = system.mutable_fabric()->mutable_tiers(1);
  const std::int64_t slow = gpus(system, 16).network.wire_ps;
  CHECK(slow == 82'276'174);  // 8 of 16 parts over 46 GB/s
  nic->set_bandwidth(100e9);
  CHECK(gpus(system, 16).network.wire_ps == 41'138'087);
  nic->set_bandwidth(400e9);
  CHECK(gpus(system, 16).network.wire_ps == 18'816'000);  // 7 of 16 parts over 176 GB/s
  CHECK(gpus(system, 16).network.bound_tier == "nvlink");
  nic->set_bandwidth(800e9);
  CHECK(gpus(system, 16).network.wire_ps == 18'816'000);
}

TEST_CASE("latency binds a small transfer: bandwidth then hardly matters") {
  System system = gpu_cluster();
  const auto one_token = [&] {
    return cost(system, 1, block_scaled_rows(), transfer(16, 1, 1, DTYPE_FP8_BLOCK)).network;
  };
  const NetworkCost before = one_token();
  CHECK(before.bound_by() == "latency");
  CHECK(before.wire_ps == 80'348);  // 462 B to each of eight
  system.mutable_fabric()->mutable_tiers(1)->set_bandwidth(100e9);
  const NetworkCost after = one_token();
  CHECK(before.total_ps() - after.total_ps() == 40'174);
  CHECK(after.total_ps() > after.latency_ps);
}

TEST_CASE("barriers can bind") {
  Transfers transfers = block_scaled_rows();
  transfers.set_barriers(2);
  const NetworkCost c =
      cost(gpu_cluster(), 1, transfers, transfer(16, 1, 1, DTYPE_FP8_BLOCK)).network;
  CHECK(c.barrier_ps == 3'500'000);
  CHECK(c.bound_by() == "sync");
}

TEST_CASE("inside a node only the inner tiers count") {
  System system = gpu_cluster();
  const std::int64_t before = gpus(system, 8).network.total_ps();
  system.mutable_fabric()->mutable_tiers(1)->set_bandwidth(1e9);
  system.mutable_fabric()->mutable_tiers(1)->set_latency(1);
  CHECK(gpus(system, 8).network.total_ps() == before);
  system.mutable_fabric()->mutable_tiers(0)->set_bandwidth(100e9);
  CHECK(gpus(system, 8).network.total_ps() > before);
}

TEST_CASE("more bandwidth of any tier is never slower, a slack tier changes nothing") {
  for (const std::int64_t ranks : {8, 64, 320}) {
    for (int i = 0; i < 3; ++i) {
      System system = supernode();
      const MoeTransfer op = transfer(ranks, 96, 9, DTYPE_INT8);
      const std::int64_t before = cost(system, 2, padded_rows(), op).network.total_ps();
      Tier* tier = system.mutable_fabric()->mutable_tiers(i);
      tier->set_bandwidth(tier->bandwidth() * 2);
      CHECK(cost(system, 2, padded_rows(), op).network.total_ps() <= before);
    }
  }
  System system = supernode();
  const MoeTransfer op = transfer(320, 96, 9, DTYPE_INT8);
  const std::int64_t before = cost(system, 2, padded_rows(), op).network.total_ps();
  system.mutable_fabric()->mutable_tiers(0)->set_bandwidth(135e9);
  CHECK(cost(system, 2, padded_rows(), op).network.total_ps() == before);
}

TEST_CASE("what is not modelled or does not divide is refused") {
  MoeTransfer op = transfer(8, 128, 8, DTYPE_FP8);
  op.set_mode(TRANSFER_MODE_NORMAL);
  CHECK_THROWS_WITH(cost(gpu_cluster(), 1, block_scaled_rows(), op),
                    "mode=normal: this software has no such mode; use mode=low_latency");
  op = transfer(8, 128, 8, DTYPE_FP8);
  op.set_experts(255);
  CHECK_THROWS_WITH(cost(gpu_cluster(), 1, block_scaled_rows(), op),
                    "experts=255: do not divide over ranks=8");
  op.set_experts(8);
  CHECK_NOTHROW(cost(gpu_cluster(), 1, block_scaled_rows(), op));
  op.set_topk(9);
  CHECK_THROWS_WITH(cost(gpu_cluster(), 1, block_scaled_rows(), op), "topk=9: more than experts=8");
  CHECK_THROWS_AS(cost(gpu_cluster(), 1, block_scaled_rows(), op), UsageError);
}
