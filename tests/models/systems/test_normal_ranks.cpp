#include <catch2/catch.hpp>
#include <numeric>

#include "models/systems/rank_transfer.h"
#include "tests/models/systems/toy_systems.h"

using namespace reticle;
using namespace reticle::systems;

namespace {

Transfers queued() { return with_normal_mode(0.8); }

MoeTransfer normal(std::int64_t ranks, std::int64_t sms) {
  MoeTransfer op = transfer(ranks, 4096, 8, DTYPE_FP8_BLOCK);
  op.set_mode(TRANSFER_MODE_NORMAL);
  op.set_experts(256);
  op.set_sms(sms);
  return op;
}

std::vector<double> even(std::int64_t ranks) {
  return std::vector<double>(static_cast<std::size_t>(ranks), 1 / static_cast<double>(ranks));
}

RankTransfers each(const System& system, const MoeTransfer& op, Direction direction,
                   const std::vector<double>& shares, const Transfers& transfers = queued()) {
  const fabric::Topology topology(system, machine(system, 1, op.ranks()).placement(),
                                  fabric::Grouping::kEveryRank);
  return rank_transfers(topology, transfers, op, direction, {shares, true, 132});
}

double total(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

}  // namespace

TEST_CASE("normal mode, even shares: every rank takes what one rank for all takes") {
  for (const std::int64_t ranks : {8, 16, 32, 64}) {
    for (const std::int64_t sms : {4, 24}) {
      for (const Direction direction : {Direction::kDispatch, Direction::kCombine}) {
        const MoeTransfer op = normal(ranks, sms);
        const NetworkCost one =
            moe_transfer(span(gpu_cluster(), 1, ranks), queued(), op, direction, 132).network;
        const RankTransfers all = each(gpu_cluster(), op, direction, even(ranks));
        for (std::size_t rank = 0; rank < all.ranks.size(); ++rank) {
          INFO("rank " << rank << " of " << ranks);
          CHECK(std::abs(all.ranks[rank].total_ps() - one.total_ps()) <= 2);
          CHECK(all.ranks[rank].payload_bytes() == Approx(one.payload_bytes()));
          CHECK(all.ranks[rank].energy_j() == Approx(one.energy_j()));
          CHECK(all.ranks[rank].cores_share == Approx(one.cores_share));
          CHECK(all.received_bytes[rank] == Approx(one.payload_bytes()));
        }
      }
    }
  }
}

TEST_CASE("normal mode: what is sent is received, and links carry it with headers") {
  std::vector<double> shares = even(32);
  shares[5] = 0.3;
  const double left = 1 - 0.3;
  for (std::size_t rank = 0; rank < 32; ++rank) {
    shares[rank] = rank == 5 ? 0.3 : left / 31;
  }
  for (const Direction direction : {Direction::kDispatch, Direction::kCombine}) {
    const RankTransfers all = each(gpu_cluster(), normal(32, 24), direction, shares);
    double sent = 0;
    double wire = 0;
    for (const NetworkCost& cost : all.ranks) {
      sent += cost.payload_bytes();
      for (const TierTraffic& tier : cost.tiers) {
        wire += tier.wire_bytes;
      }
    }
    CHECK(total(all.received_bytes) == Approx(sent));
    CHECK(total(all.link_bytes) == Approx(2 * wire));  // at the sender's port and the receiver's
  }
}

TEST_CASE("normal mode: a hot rank's experts make it the last, and slower than even shares") {
  const MoeTransfer op = normal(32, 24);
  std::vector<double> shares(32, 0.7 / 31);
  shares[9] = 0.3;
  for (const Direction direction : {Direction::kDispatch, Direction::kCombine}) {
    const RankTransfers hot = each(gpu_cluster(), op, direction, shares);
    const RankTransfers all = each(gpu_cluster(), op, direction, even(32));
    CHECK(hot.ranks[hot.slowest].total_ps() > all.ranks[0].total_ps());
    if (direction == Direction::kDispatch) {
      CHECK(hot.slowest == 9);
    }
  }
}

TEST_CASE("normal mode: all rows on one rank fill its port") {
  const MoeTransfer op = normal(8, 132);
  std::vector<double> shares(8, 0);
  shares[0] = 1;
  const RankTransfers all = each(gpu_cluster(), op, Direction::kDispatch, shares);
  CHECK(all.slowest == 0);
  // Seven ranks send it every token once, at 0.8 of 176 GB/s.
  CHECK(all.ranks[0].wire_ps == Approx(7 * 4096 * 7392 / (0.8 * 176e9) * 1e12));
  CHECK(all.received_bytes[3] == 0);
}

TEST_CASE("normal mode: a slow NIC and a missing die are borne") {
  System system = gpu_cluster();
  Fault* slow = system.add_faults();
  slow->set_name("slow");
  slow->set_tier("rdma");
  slow->set_die(3);
  slow->set_rate_left(0.5);
  const MoeTransfer op = normal(32, 24);
  const RankTransfers all = each(system, op, Direction::kDispatch, even(32));
  const RankTransfers whole = each(gpu_cluster(), op, Direction::kDispatch, even(32));
  // Its place's ranks of the other nodes get its rows late, and it theirs.
  CHECK(all.ranks[3].wire_ps == Approx(2 * whole.ranks[3].wire_ps).epsilon(1e-3));
  CHECK(all.ranks[11].wire_ps > whole.ranks[11].wire_ps);
  CHECK(std::abs(all.ranks[4].wire_ps - whole.ranks[4].wire_ps) <= 2);

  System missing = gpu_cluster();
  Fault* gone = missing.add_faults();
  gone->set_name("gone");
  gone->set_missing(true);
  gone->set_die(2);
  const RankTransfers moved = each(missing, op, Direction::kDispatch, even(32));
  CHECK(total(moved.received_bytes) > 0);
  CHECK(moved.ranks[moved.slowest].total_ps() >= whole.ranks[0].total_ps());
}

TEST_CASE("normal mode by DMA: rows go to every expert, ranks by themselves or together") {
  Transfers transfers = queued();
  transfers.mutable_dma()->set_start(10e-6);
  const MoeTransfer op = normal(32, 24);
  const NetworkCost one =
      moe_transfer(span(gpu_cluster(), 1, 32), transfers, op, Direction::kDispatch, 0).network;
  const RankTransfers all = each(gpu_cluster(), op, Direction::kDispatch, even(32), transfers);
  CHECK(std::abs(all.ranks[7].total_ps() - one.total_ps()) <= 2);
  CHECK(all.ranks[7].start_ps == 10'000'000);
}
