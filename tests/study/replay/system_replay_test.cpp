// A folder of Chakra traces to the JSON of `trace replay DIR --system S`.
#include "study/replay/system_replay.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "schema/errors.h"
#include "sim/trace/reader.h"
#include "tests/support/folder.h"
#include "workloads/traces/chakra.h"

using namespace reticle;

namespace {

namespace fs = std::filesystem;

System one_switch() {
  System system;
  system.set_name("switch");
  system.set_nodes(16);
  system.set_packages_per_node(1);
  Tier* tier = system.mutable_fabric()->add_tiers();
  tier->set_name("switch");
  tier->set_port("switch");
  tier->set_scope(SCOPE_SYSTEM);
  tier->set_bandwidth(400e9);
  tier->set_wire_share(1);
  tier->set_latency(1e-6);
  return system;
}

// 100 us of compute (rank 1: 150), then an all-to-all of 8 MB.
void write_rank(const fs::path& dir, int rank) {
  traces::ChakraTrace trace;
  trace.version = "0.0.4";
  traces::ChakraNode compute;
  compute.id = 1;
  compute.name = "compute";
  compute.type = chakra::COMP_NODE;
  compute.duration_us = rank == 1 ? 150 : 100;
  traces::ChakraNode exchange;
  exchange.id = 2;
  exchange.name = "exchange";
  exchange.type = chakra::COMM_COLL_NODE;
  exchange.comm_type = chakra::ALL_TO_ALL;
  exchange.comm_size = 8'000'000;
  exchange.dependencies = {1};
  trace.nodes = {compute, exchange};
  traces::write_chakra(trace, dir / ("t." + std::to_string(rank) + ".et"));
}

}  // namespace

TEST_CASE("a folder of traces becomes one answer") {
  const test::Folder folder;
  for (int rank = 0; rank < 4; ++rank) {
    write_rank(folder.path(), rank);
  }
  const study::SystemReplay replay = study::replay_on(one_switch(), 1, folder.path());
  const auto json = to_json(replay, {0.5, 20});
  CHECK(json.at("ranks") == 4);
  CHECK(json.at("nodes") == 8);
  // 150 us, then 6 MB at 400 GB/s and 1 us.
  CHECK(json.at("simulated_ms").get<double>() == Approx(0.166));
  CHECK(json.at("wall_s") == 0.5);
  CHECK(json.at("peak_mb") == 20);
  CHECK(json.at("straggler").at("rank") == 1);
  CHECK(json.at("straggler").at("awaited_rank_ms").get<double>() == Approx(3 * 0.05));
  CHECK(json.at("mean_rank").at("waiting_ms").get<double>() == Approx(3 * 0.05 / 4));
  CHECK(json.at("hot_links").size() == 8);
  CHECK(json.at("hot_links")[0].at("gb").get<double>() == Approx(0.006));
  CHECK_THAT(
      to_text(replay, {0.5, 20}),
      Catch::StartsWith("4 ranks, 8 nodes on switch: 0.166 ms (replayed in 0.5 s, 20 MB)\n"));
  CHECK_THROWS_AS(study::replay_on(one_switch(), 8, folder.path() / "none"), UsageError);
}

TEST_CASE("a replay's trace has every rank, and arrows from the rank that came last") {
  const test::Folder folder;
  const test::Folder out;
  for (int rank = 0; rank < 4; ++rank) {
    write_rank(folder.path(), rank);
  }
  study::replay_on(one_switch(), 1, folder.path(), out / "ranks.rtrace");
  trace::Reader reader(out / "ranks.rtrace");
  const trace::Summary& summary = reader.summary();
  CHECK(summary.totals.slices == 8);
  CHECK(summary.totals.span.last_ps == 166'000'000);
  std::size_t ranks = 0;
  for (const trace::Track& track : summary.tracks) {
    ranks += track.kind == rtrace::TRACK_KIND_RANK ? 1 : 0;
  }
  CHECK(ranks == 4);
  std::vector<trace::Flow> flows;
  reader.each_flows(
      [&](const auto& block) { flows.insert(flows.end(), block.begin(), block.end()); });
  CHECK(flows.size() == 4 + 3);  // each rank's own, and rank 1's to the three others
  for (const trace::Flow& flow : flows) {
    CHECK(flow.to.time_ps == 150'000'000);
  }
}

TEST_CASE("the process knows what it took") {
  CHECK(study::process_cost(1.5).wall_s == 1.5);
  CHECK(study::process_cost(1.5).peak_mb > 1);
}
