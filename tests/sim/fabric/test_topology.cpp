#include <catch2/catch.hpp>

#include "schema/errors.h"
#include "sim/fabric/topology.h"
#include "tests/support/tiers.h"

using namespace reticle;
using namespace reticle::fabric;

namespace {

using test::add_tier;

// Two dies a package, two packages a node: die link, and one port for both outer tiers.
System three_tiers() {
  System system;
  system.set_name("toy");
  add_tier(system, "die", SCOPE_PACKAGE, "sio", 200e9);
  add_tier(system, "node", SCOPE_NODE, "ub", 100e9);
  add_tier(system, "system", SCOPE_SYSTEM, "ub", 100e9);
  return system;
}

const Placement kSixteen{16, 2, 4};

// All pairs of 16 ranks, one by one.
Outcome all_pairs(const System& system, double bytes) {
  const Topology topology(system, kSixteen, Grouping::kEveryRank);
  std::vector<FlowClass> flows;
  for (std::int64_t a = 0; a < kSixteen.ranks; ++a) {
    for (std::int64_t b = 0; b < kSixteen.ranks; ++b) {
      if (a != b) {
        flows.push_back(topology.flow(a, b, bytes, 1, Access::kWrite));
      }
    }
  }
  return run_flows(topology.resources(), flows);
}

Outcome one_for_all(const System& system, double bytes) {
  const Topology topology(system, kSixteen, Grouping::kOneForAll);
  std::vector<FlowClass> flows;
  for (const PeerGroup& group : topology.peers()) {
    flows.push_back(
        topology.flow_of_all(group.tier, bytes, static_cast<double>(group.peers), Access::kWrite));
  }
  return run_flows(topology.resources(), flows);
}

}  // namespace

TEST_CASE("a transfer takes the innermost tier that holds both ranks") {
  const Topology topology(three_tiers(), kSixteen, Grouping::kOneForAll);
  CHECK(topology.tier_between(0, 1) == 0);
  CHECK(topology.tier_between(1, 2) == 1);  // neighbours, but of two packages
  CHECK(topology.tier_between(0, 3) == 1);
  CHECK(topology.tier_between(3, 4) == 2);
  CHECK(topology.tier_between(15, 0) == 2);
}

TEST_CASE("peers by tier add up to the other ranks") {
  const std::vector<PeerGroup> peers =
      Topology(three_tiers(), kSixteen, Grouping::kOneForAll).peers();
  REQUIRE(peers.size() == 3);
  CHECK(peers[0].peers == 1);
  CHECK(peers[1].peers == 2);
  CHECK(peers[2].peers == 12);
}

TEST_CASE("one rank for all gives what all pairs give, one by one") {
  System system = three_tiers();
  // Shared port: (2 + 12) x 1 MB over 100 GB/s.
  CHECK(one_for_all(system, 1e6).finish_ps == 140'000'000);
  CHECK(all_pairs(system, 1e6).finish_ps == 140'000'000);
  system.mutable_fabric()->mutable_tiers(2)->set_uplink(120e9);
  // Uplink: 4 ranks x 12 x 1 MB over 120 GB/s.
  CHECK(one_for_all(system, 1e6).finish_ps == 400'000'000);
  CHECK(all_pairs(system, 1e6).finish_ps == 400'000'000);
  system.mutable_fabric()->mutable_tiers(2)->set_write_pair_cap(2e9);
  CHECK(one_for_all(system, 1e6).finish_ps == 500'000'000);
  CHECK(all_pairs(system, 1e6).finish_ps == 500'000'000);
}

TEST_CASE("tiers of one port share it, tiers of two ports do not") {
  System system = three_tiers();
  system.mutable_fabric()->mutable_tiers(2)->set_port("nic");
  CHECK(one_for_all(system, 1e6).finish_ps == 120'000'000);  // 12 MB over its own 100 GB/s
}

TEST_CASE("a narrower tier of a shared port keeps its own limit") {
  System system = three_tiers();
  system.mutable_fabric()->mutable_tiers(2)->set_bandwidth(50e9);
  CHECK(one_for_all(system, 1e6).finish_ps == 240'000'000);  // 12 MB over 50 GB/s
}

TEST_CASE("headers make the bytes grow, on the wire and in the pair's cap") {
  System system = three_tiers();
  Tier* tier = system.mutable_fabric()->mutable_tiers(1);
  tier->set_wire_share(0.8);
  tier->set_write_pair_cap(40e9);
  tier->set_read_pair_cap(60e9);
  const Topology topology(system, kSixteen, Grouping::kOneForAll);
  const FlowClass write = topology.flow_of_all(1, 8e6, 2, Access::kWrite);
  CHECK(write.bytes == 1e7);
  CHECK(write.count == 2);
  CHECK(*write.cap == 5e10);
  CHECK(*topology.flow_of_all(1, 8e6, 2, Access::kRead).cap == Approx(7.5e10));
  CHECK_FALSE(topology.flow_of_all(0, 8e6, 1, Access::kWrite).cap.has_value());
}

TEST_CASE("an asymmetric pattern needs, and gets, every rank's ports") {
  const Topology topology(three_tiers(), kSixteen, Grouping::kEveryRank);
  // Everybody outside sends 1 MB to rank 0: its ejection port is the limit.
  std::vector<FlowClass> flows;
  for (std::int64_t rank = 2; rank < 16; ++rank) {
    flows.push_back(topology.flow(rank, 0, 1e6, 1, Access::kWrite));
  }
  const Outcome outcome = run_flows(topology.resources(), flows);
  CHECK(outcome.finish_ps == 140'000'000);
  CHECK(topology.resources()[*outcome.classes[0].bound].name == "ub port ejection 0");
}

TEST_CASE("a topology that can't be is refused") {
  System swapped = three_tiers();
  swapped.mutable_fabric()->mutable_tiers()->SwapElements(1, 2);
  CHECK_THROWS_WITH(Topology(swapped, kSixteen, Grouping::kOneForAll),
                    "system `toy`: tier `node` does not reach further than `system` before it "
                    "(tiers go from the inside out)");
  System island = three_tiers();
  island.mutable_fabric()->mutable_tiers()->RemoveLast();
  const Topology topology(island, kSixteen, Grouping::kOneForAll);
  CHECK_THROWS_WITH(topology.tier_between(0, 4), "system `toy`: no tier joins ranks 0 and 4");
  CHECK_THROWS_AS(topology.peers(), UsageError);
}

namespace {

// Four nodes of two GPUs: each rail's leaf switch holds one GPU of every node; between rails a
// spine of half the leaves' rate (2:1), which a node's GPUs share.
System railed() {
  System system;
  system.set_name("rails");
  add_tier(system, "nvlink", SCOPE_NODE, "nvlink", 200e9);
  add_tier(system, "rail", SCOPE_RAIL, "nic", 50e9);
  add_tier(system, "spine", SCOPE_SYSTEM, "nic", 50e9)->set_uplink(50e9);
  return system;
}

const Placement kFourNodes{8, 1, 2};

}  // namespace

TEST_CASE("ranks of one place are on a rail, others meet over the spine") {
  const Topology topology(railed(), kFourNodes, Grouping::kOneForAll);
  CHECK(topology.tier(topology.tier_between(0, 1)).name() == "nvlink");
  CHECK(topology.tier(topology.tier_between(0, 4)).name() == "rail");
  CHECK(topology.tier(topology.tier_between(0, 3)).name() == "spine");
  CHECK(topology.tier(topology.network_tier()).name() == "rail");
  const std::vector<PeerGroup> peers = topology.peers();
  REQUIRE(peers.size() == 3);
  CHECK(peers[0].peers == 1);
  CHECK(peers[1].peers == 3);
  CHECK(peers[2].peers == 3);
}

TEST_CASE("an oversubscribed spine holds back what leaves a rail, and nothing on it") {
  const auto finish = [](std::int64_t src, std::int64_t dst, const System& system) {
    const Topology topology(system, kFourNodes, Grouping::kEveryRank);
    std::vector<FlowClass> flows;
    for (const std::int64_t node : {0, 2, 4, 6}) {  // every rank sends to the next node
      for (std::int64_t place = 0; place < 2; ++place) {
        const std::int64_t from = node + (place == 0 ? src : 1 - src);
        const std::int64_t to = (node + 2) % 8 + (place == 0 ? dst : 1 - dst);
        flows.push_back(topology.flow(from, to, 50e9, 1, Access::kWrite));
      }
    }
    return run_flows(topology.resources(), flows).finish_ps;
  };
  CHECK(finish(0, 0, railed()) == 1'000'000'000'000);  // on the rails: the NIC's rate
  CHECK(finish(0, 1, railed()) == 2'000'000'000'000);  // across: half of it
  System whole = railed();
  whole.mutable_fabric()->mutable_tiers(2)->set_uplink(100e9);
  CHECK(finish(0, 1, whole) == 1'000'000'000'000);
}

TEST_CASE("with a rail down its traffic takes the spine") {
  System system = railed();
  Fault* fault = system.add_faults();
  fault->set_name("cut");
  fault->set_tier("rail");
  fault->set_rate_left(0);
  const Topology topology(system, kFourNodes, Grouping::kOneForAll);
  CHECK(topology.tier(topology.tier_between(0, 4)).name() == "spine");
}

TEST_CASE("a rail reaches further than a node and less far than the system") {
  System system;
  system.set_name("toy");
  add_tier(system, "spine", SCOPE_SYSTEM, "nic", 50e9);
  add_tier(system, "rail", SCOPE_RAIL, "nic", 50e9);
  CHECK_THROWS_WITH(
      (Topology(system, kFourNodes, Grouping::kOneForAll)),
      "system `toy`: tier `rail` does not reach further than `spine` before it (tiers "
      "go from the inside out)");
}
