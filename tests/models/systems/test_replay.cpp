#include <catch2/catch.hpp>
#include <random>

#include "models/systems/replay.h"
#include "schema/errors.h"
#include "tests/models/systems/graphs.h"

using namespace reticle;
using namespace reticle::systems;

namespace {

constexpr std::int64_t kMib = 1 << 20;

ReplayResult run(const System& system, const RankGraphs& graphs, bool timeline = false) {
  return replay(system, 1, graphs, {"traces", timeline});
}

std::string refusal(const RankGraphs& graphs) {
  try {
    run(one_switch(8), graphs);
  } catch (const InputError& error) {
    return error.what();
  }
  return "(accepted)";
}

// 8 ranks, 8 MB: each sends 7 MB at 400 GB/s, then 1.8725 us to arrive.
constexpr std::int64_t kAllToAll = 17'500'000 + 1'872'500;

}  // namespace

TEST_CASE("compute, then an all-to-all: the times add up") {
  const ReplayResult r = run(one_switch(8), layered(8, 1, 100 * kUs, 8'000'000));
  CHECK(r.end_ps == 2 * (100 * kUs + kAllToAll));
  CHECK(r.nodes == 32);
  for (const RankTimes& rank : r.ranks) {
    CHECK(rank.compute_ps == 200 * kUs);
    CHECK(rank.transfer_ps == 2 * kAllToAll);
    CHECK(rank.waiting_ps == 0);
    CHECK(rank.end_ps == r.end_ps);
  }
}

// The figure: ASTRA-sim's congestion-aware back end gives 17.15 ms, with 100 us of compute
// and 400 GB/s read as 400 x 2^30 B/s; at 1e9 the all-to-alls take 7.4 % longer.
TEST_CASE("61 layers on 128 ranks agree with ASTRA-sim's arithmetic") {
  const RankGraphs graphs = layered(128, 61, 100 * kUs, 16 * kMib);
  CHECK(static_cast<double>(run(one_switch(128), graphs).end_ps) / 1e9 ==
        Approx(122 * (0.1 + 16 * 1048576 * 127.0 / 128 / 400e6 + 1.8725e-3)).epsilon(1e-9));
  System binary = one_switch(128);
  binary.mutable_fabric()->mutable_tiers(0)->set_bandwidth(400 * 1073741824.0);
  CHECK(static_cast<double>(run(binary, graphs).end_ps) / 1e9 == Approx(17.15).epsilon(0.001));
}

TEST_CASE("a collective starts when its last rank arrives") {
  RankGraphs graphs = layered(8, 1, 100 * kUs, 8'000'000);
  graphs.ranks[3].nodes[0].duration_ps = 130 * kUs;
  const ReplayResult r = run(one_switch(8), graphs);
  CHECK(r.end_ps == 230 * kUs + 2 * kAllToAll);
  CHECK(r.straggler == 3);
  CHECK(r.ranks[3].awaited_ps == 7 * 30 * kUs);
  CHECK(r.ranks[3].waiting_ps == 0);
  CHECK(r.ranks[0].waiting_ps == 30 * kUs);
  CHECK(r.ranks[0].transfer_ps == 2 * kAllToAll);
}

TEST_CASE("communication runs beside compute that does not wait for it") {
  RankGraphs graphs = graphs_of(8);
  for (RankGraph& graph : graphs.ranks) {
    append(graph, collective(CommType::kAllToAll, 8'000'000), {});
    append(graph, compute(50 * kUs), {});
    append(graph, compute(10 * kUs), {0});
  }
  CHECK(run(one_switch(8), graphs).end_ps == 60 * kUs);  // the stream takes one node at a time
}

TEST_CASE("two all-to-alls of the same ranks share their ports") {
  RankGraphs graphs = graphs_of(8);
  for (RankGraph& graph : graphs.ranks) {
    append(graph, collective(CommType::kAllToAll, 8'000'000), {});
    append(graph, collective(CommType::kAllToAll, 8'000'000), {});
  }
  CHECK(run(one_switch(8), graphs).end_ps == 2 * 17'500'000 + 1'872'500);
}

// The first has sent half when the second starts; then each has half the port: the first ends after
// 8.75 + 17.5 us, the second has then 8.75 us of its own left.
TEST_CASE("a transfer that starts later takes its share from then on") {
  RankGraphs graphs = graphs_of(8);
  for (RankGraph& graph : graphs.ranks) {
    append(graph, collective(CommType::kAllToAll, 8'000'000), {});
    append(graph, compute(8'750'000), {});
    append(graph, collective(CommType::kAllToAll, 8'000'000), {1});
  }
  const ReplayResult r = run(one_switch(8), graphs, true);
  REQUIRE(r.spans.size() == 24);
  for (const NodeSpan& span : r.spans) {
    if (span.node == 0) {
      CHECK(span.end_ps == 26'250'000 + 1'872'500);
    } else if (span.node == 2) {
      CHECK(span.start_ps == 8'750'000);
      CHECK(span.end_ps == 35'000'000 + 1'872'500);
    }
  }
}

TEST_CASE("groups that share no link do not slow each other") {
  RankGraphs graphs = graphs_of(8);
  graphs.groups = {{0, 1, 2, 3}, {4, 5, 6, 7}, {0, 2, 4, 6}};
  for (std::size_t rank = 0; rank < 8; ++rank) {
    append(graphs.ranks[rank], collective(CommType::kAllToAll, 4'000'000, rank < 4 ? 0 : 1), {});
  }
  CHECK(run(one_switch(8), graphs).end_ps == 7'500'000 + 1'872'500);
  // A third group of ranks from both takes half of its members' ports: the two groups' flows from
  // or to a shared rank get half, so they end together with the third's.
  for (const std::size_t rank : {0, 2, 4, 6}) {
    append(graphs.ranks[rank], collective(CommType::kAllToAll, 4'000'000, 2), {});
  }
  CHECK(run(one_switch(8), graphs).end_ps == 15'000'000 + 1'872'500);
}

TEST_CASE("a message pairs with its receive, in order of appearance") {
  RankGraphs graphs = graphs_of(3);
  append(graphs.ranks[0], message(Work::kSend, 1, 400'000), {});
  append(graphs.ranks[0], message(Work::kSend, 1, 800'000), {0});
  append(graphs.ranks[1], message(Work::kReceive, 0, 400'000), {});
  append(graphs.ranks[1], message(Work::kReceive, 0, 800'000), {0});
  CHECK(run(one_switch(3), graphs).end_ps == 3'000'000 + 2 * 1'872'500);
  // All into one rank: 2 x 0.4 MB through its port.
  RankGraphs in = graphs_of(3);
  append(in.ranks[0], message(Work::kSend, 2, 400'000), {});
  append(in.ranks[1], message(Work::kSend, 2, 400'000), {});
  append(in.ranks[2], message(Work::kReceive, 0, 400'000), {});
  append(in.ranks[2], message(Work::kReceive, 1, 400'000), {});
  const ReplayResult r = run(one_switch(3), in);
  CHECK(r.end_ps == 2'000'000 + 1'872'500);
  CHECK(r.links[0].name == "switch ejection 2");
  CHECK(r.links[0].bytes == 800'000);
}

TEST_CASE("a group spread unevenly over nodes runs pair by pair") {
  RankGraphs graphs = graphs_of(16);
  graphs.groups = {{0, 1, 2, 8}};  // three in one node, one in the next
  for (const std::size_t rank : {0, 1, 2, 8}) {
    append(graphs.ranks[rank], collective(CommType::kAllToAll, 4'000'000), {});
  }
  // Rank 8's NIC carries 3 MB each way at 46 GB/s.
  CHECK(run(gpu_cluster(), graphs).end_ps == 65'217'391 + 1'750'000);
}

// Every byte sent arrives, and no link is busier than the whole time: random graphs on two
// machines.
TEST_CASE("bytes are conserved and no link is over its rate") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    std::mt19937_64 random(seed);
    RankGraphs graphs = graphs_of(16);
    graphs.groups = {first_ranks(16), {0, 1, 2, 3}, {3, 7, 11, 15}, {1, 8, 9}};
    std::vector<GraphNode> sequence;
    for (int i = 0; i < 12; ++i) {
      sequence.push_back(collective(static_cast<CommType>(random() % 4),
                                    static_cast<std::int64_t>(1000 + random() % 4'000'000),
                                    static_cast<std::uint32_t>(random() % 4)));
    }
    for (std::size_t rank = 0; rank < 16; ++rank) {
      std::uint32_t last = UINT32_MAX;
      for (const GraphNode& node : sequence) {
        const auto& group = graphs.groups[node.group];
        if (std::find(group.begin(), group.end(), static_cast<std::int32_t>(rank)) == group.end()) {
          continue;
        }
        RankGraph& graph = graphs.ranks[rank];
        append(graph, compute(static_cast<std::int64_t>(random() % (20 * kUs))), {});
        const auto before = static_cast<std::uint32_t>(graph.nodes.size() - 1);
        // Every second one may overlap the one before it.
        const bool follows = last != UINT32_MAX && sequence.size() % 2 == 0 && random() % 2 == 0;
        append(graph, node, follows ? std::vector{before, last} : std::vector{before});
        last = before + 1;
      }
    }
    for (const System& system : {gpu_cluster(), one_switch(16)}) {
      const ReplayResult r = run(system, graphs);
      double injected = 0;
      double ejected = 0;
      for (const LinkUse& link : r.links) {
        CHECK(link.utilisation <= 1 + 1e-9);
        injected += link.name.find("injection") != std::string::npos ? link.bytes : 0;
        ejected += link.name.find("ejection") != std::string::npos ? link.bytes : 0;
      }
      for (const RankTimes& rank : r.ranks) {
        CHECK(rank.end_ps <= r.end_ps);
        CHECK(rank.compute_ps <= r.end_ps);
      }
      CHECK(injected > 0);
      CHECK(injected == Approx(ejected).epsilon(1e-12));
    }
  }
}

TEST_CASE("graphs that do not fit together are refused, saying where") {
  RankGraphs graphs = graphs_of(2);
  append(graphs.ranks[0], collective(CommType::kAllToAll, 8), {});
  CHECK(refusal(graphs) ==
        "traces: rank 0, node 0 (node): only 1 of the group's 2 ranks have this collective");
  append(graphs.ranks[1], collective(CommType::kAllToAll, 9), {});
  CHECK(refusal(graphs) ==
        "traces: rank 1, node 0 (node): it is not the collective of rank 0, node 0, which it "
        "meets: type or bytes differ");
  graphs = graphs_of(2);
  append(graphs.ranks[0], message(Work::kSend, 1, 8), {});
  CHECK(refusal(graphs) == "traces: rank 0, node 0 (node): nobody receives it");
  graphs = graphs_of(2);
  append(graphs.ranks[0], message(Work::kReceive, 0, 8), {});
  CHECK(refusal(graphs) == "traces: rank 0, node 0 (node): its peer 0 is not another rank");
  graphs = graphs_of(2);
  append(graphs.ranks[0], compute(1), {7});
  CHECK(refusal(graphs) == "traces: rank 0, node 0 waits for node 7, which is not there");
  graphs = graphs_of(2);
  append(graphs.ranks[0], compute(1), {1});
  append(graphs.ranks[0], compute(1), {0});
  CHECK(refusal(graphs) ==
        "traces: rank 0, node 0 never becomes ready (its dependencies go in a circle, or wait for "
        "ranks that wait for this one)");
  graphs = graphs_of(2);
  graphs.groups[0] = {0, 2};
  CHECK(refusal(graphs) ==
        "traces: group 0: rank 2 is not one of the 2, or not in ascending order");
  CHECK_THROWS_WITH(run(one_switch(8), graphs_of(9)),
                    "ranks=9: system `switch` has 8 (8 nodes x 1 packages x 1 ranks)");
}

TEST_CASE("the same graphs give the same times, whatever the order of ranks' events") {
  RankGraphs graphs = layered(8, 3, 7 * kUs, 1'000'000);
  for (std::size_t rank = 0; rank < 8; ++rank) {
    graphs.ranks[rank].nodes[2].duration_ps += static_cast<std::int64_t>((rank * 5) % 8) * kUs;
  }
  const ReplayResult forward = run(one_switch(8), graphs);
  std::reverse(graphs.ranks.begin(), graphs.ranks.end());
  const ReplayResult backward = run(one_switch(8), graphs);
  CHECK(forward.end_ps == backward.end_ps);
  for (std::size_t rank = 0; rank < 8; ++rank) {
    CHECK(forward.ranks[rank].waiting_ps == backward.ranks[7 - rank].waiting_ps);
  }
}
