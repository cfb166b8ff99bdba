#include <catch2/catch.hpp>
#include <random>

#include "models/systems/low_latency.h"
#include "models/systems/rank_transfer.h"
#include "schema/errors.h"
#include "tests/models/systems/toy_systems.h"

using namespace reticle;
using namespace reticle::systems;

namespace {

struct Site {
  System system;
  std::int64_t per_package;
  std::int64_t ranks;

  fabric::Topology topology(fabric::Grouping grouping) const {
    return {system, machine(system, per_package, ranks).placement(), grouping};
  }
};

RankShares even(std::int64_t ranks) {
  return {std::vector<double>(static_cast<std::size_t>(ranks), 1 / static_cast<double>(ranks)),
          true, 132};
}

Transfers with_kernels() {
  Transfers transfers = padded_rows();
  transfers.set_start(8e-6);
  LowLatencyMode* mode = transfers.mutable_low_latency();
  mode->set_expert_time(1e-6);
  mode->set_token_time(1e-6);
  mode->set_token_rate(10e9);
  mode->set_sm_rate(40e9);
  mode->set_place_rate(800e9);
  mode->set_sum_rate(600e9);
  return transfers;
}

}  // namespace

TEST_CASE("even shares: every rank takes what one rank for all takes") {
  const std::vector<Site> sites = {
      {supernode(), 2, 32}, {supernode(), 2, 16}, {gpu_cluster(), 1, 32}, {gpu_cluster(), 1, 8}};
  for (const Site& site : sites) {
    for (const Direction direction : {Direction::kDispatch, Direction::kCombine}) {
      const Transfers transfers = with_kernels();
      const MoeTransfer op = transfer(site.ranks, 96, 8, DTYPE_BFLOAT16);
      const NetworkCost one =
          moe_transfer(site.topology(fabric::Grouping::kOneForAll), transfers, op, direction, 132)
              .network;
      const RankTransfers all = rank_transfers(site.topology(fabric::Grouping::kEveryRank),
                                               transfers, op, direction, even(site.ranks));
      for (std::size_t rank = 0; rank < all.ranks.size(); ++rank) {
        INFO("rank " << rank << " of " << site.ranks);
        CHECK(std::abs(all.ranks[rank].total_ps() - one.total_ps()) <= 2);
        CHECK(all.ranks[rank].payload_bytes() == Approx(one.payload_bytes()));
        CHECK(all.ranks[rank].energy_j() == Approx(one.energy_j()));
        CHECK(all.ranks[rank].cores_share == Approx(one.cores_share));
        CHECK(all.received_bytes[rank] == Approx(one.payload_bytes()));
      }
    }
  }
}

TEST_CASE("a rank with twice the rows receives twice as long, in both directions") {
  const Site site = {gpu_cluster(), 1, 8};
  RankShares shares = even(8);
  shares.of_rows.assign(8, 1.0 / 9);
  shares.of_rows[3] = 2.0 / 9;
  const MoeTransfer op = transfer(8, 90, 8, DTYPE_BFLOAT16);
  const fabric::Topology topology = site.topology(fabric::Grouping::kEveryRank);
  // 90 x 8 x 2/9 rows of 14,336 B from each of 7 ranks, at 200 GB/s x 0.88.
  const double hot_ps = 7 * 160 * 14336.0 / 176e9 * 1e12;
  shares.senders_wait = false;
  const RankTransfers dispatch =
      rank_transfers(topology, padded_rows(), op, Direction::kDispatch, shares);
  CHECK(dispatch.slowest == 3);
  CHECK(static_cast<double>(dispatch.ranks[3].wire_ps) == Approx(hot_ps));
  CHECK(static_cast<double>(dispatch.ranks[0].wire_ps) == Approx(hot_ps / 2));
  const RankTransfers combine =
      rank_transfers(topology, padded_rows(), op, Direction::kCombine, shares);
  CHECK(static_cast<double>(combine.ranks[0].wire_ps) == Approx(hot_ps));  // waits for rank 3
  shares.senders_wait = true;
  const RankTransfers waits =
      rank_transfers(topology, padded_rows(), op, Direction::kDispatch, shares);
  CHECK(static_cast<double>(waits.ranks[0].wire_ps) == Approx(hot_ps));
}

TEST_CASE("bytes that leave ranks are the bytes that reach them") {
  std::mt19937_64 random(3);
  const Site site = {supernode(), 2, 32};
  RankShares shares = even(32);
  double sum = 0;
  for (double& share : shares.of_rows) {
    share = static_cast<double>(1 + random() % 100);
    sum += share;
  }
  for (double& share : shares.of_rows) {
    share /= sum;
  }
  for (const Direction direction : {Direction::kDispatch, Direction::kCombine}) {
    const RankTransfers all =
        rank_transfers(site.topology(fabric::Grouping::kEveryRank), padded_rows(),
                       transfer(32, 96, 8, DTYPE_INT8), direction, shares);
    double sent = 0;
    double received = 0;
    for (std::size_t rank = 0; rank < 32; ++rank) {
      sent += all.ranks[rank].payload_bytes();
      received += all.received_bytes[rank];
    }
    CHECK(sent == Approx(received));
  }
}

TEST_CASE("low-latency kernels run on one SM an expert, as many as there are") {
  CHECK(low_latency_sms(8, 132) == 8);
  CHECK(low_latency_sms(128, 132) == 128);
  CHECK(low_latency_sms(132, 132) == 132);
  CHECK(low_latency_sms(133, 132) == 67);  // two on each
  CHECK(low_latency_sms(256, 132) == 128);
  CHECK(low_latency_sms(160, 132) == 80);
}

TEST_CASE("few experts: their SMs take the tokens one after the other") {
  const Site site = {gpu_cluster(), 1, 8};
  MoeTransfer op = transfer(8, 128, 2, DTYPE_BFLOAT16);
  op.set_experts(8);
  const NetworkCost cost = moe_transfer(site.topology(fabric::Grouping::kOneForAll), with_kernels(),
                                        op, Direction::kDispatch, 132)
                               .network;
  // 16 tokens an SM of 1 us and 14,336 B at 10 GB/s; 256 rows of 14,336 B at 8 x 40 GB/s.
  CHECK(cost.wire_ps == 16 * (1'000'000 + 1'433'600));
  CHECK(cost.bound_resource == "sms");
  CHECK(cost.receive_ps == 256LL * 14336 * 1000 / 320);
  CHECK(cost.start_ps == 9'000'000);
  CHECK(cost.copied_bytes == 2 * 256 * 14336);
}

TEST_CASE("rows that came over the node's links are put in order while the network's arrive") {
  const Site site = {gpu_cluster(), 1, 32};
  const MoeTransfer op = transfer(32, 128, 8, DTYPE_BFLOAT16);
  const NetworkCost cost = moe_transfer(site.topology(fabric::Grouping::kOneForAll), with_kernels(),
                                        op, Direction::kCombine, 132)
                               .network;
  // 24 of 32 ranks are in other nodes.
  CHECK(cost.receive_ps == Approx(1024 * 14336 * 0.75 / 600e9 * 1e12).margin(1));
}
