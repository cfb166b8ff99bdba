#include <catch2/catch.hpp>

#include "models/systems/tuner.h"

using namespace reticle;
using namespace reticle::systems;

namespace {

constexpr auto kAll = CommType::kAllReduce;

TunerWay* add_way(Tuner& tuner, const std::string& name, double share) {
  TunerWay* way = tuner.add_ways();
  way->set_name(name);
  way->set_start(10e-6);
  way->set_hop(1e-6);
  way->set_network_hop(5e-6);
  way->set_share(share);
  way->set_plateau(1);
  return way;
}

// 100 GB/s in a node, 10 GB/s a NIC.
Tuner tuner_of(const std::string& name, double share = 1) {
  Tuner tuner;
  tuner.set_rate(100e9);
  tuner.set_network_rate(10e9);
  add_way(tuner, name, share);
  return tuner;
}

double guess(const Tuner& tuner, CommType comm, double bytes, std::int64_t ranks,
             std::int64_t nodes) {
  return *guess_seconds(tuner, tuner.ways(0).name(), comm, bytes, {ranks, nodes});
}

}  // namespace

TEST_CASE("a way that the tuner does not list has no guess") {
  CHECK_FALSE(guess_seconds(tuner_of("ring/ll"), "tree/ll", kAll, 1, {8, 1}));
}

TEST_CASE("a ring in a node: its steps, and its bandwidth times ranks over steps") {
  const Tuner tuner = tuner_of("ring/ll", 0.5);
  CHECK(guess(tuner, kAll, 1e9, 8, 1) == Approx(10e-6 + 14e-6 + 1 / (50 * 8.0 / 14)));
  CHECK(guess(tuner, CommType::kAllGather, 1e9, 8, 1) == Approx(10e-6 + 7e-6 + 1 / (50 * 8.0 / 7)));
}

TEST_CASE("a ring over nodes: network hops, the NICs' rate from three nodes on, the plateau") {
  Tuner tuner = tuner_of("ring/ll");
  CHECK(guess(tuner, kAll, 0, 16, 2) == Approx(10e-6 + 28e-6 + 2 * 5e-6));
  CHECK(guess(tuner, kAll, 1e9, 16, 2) - guess(tuner, kAll, 0, 16, 2) ==
        Approx(1 / (100 * 16.0 / 30)));
  CHECK(guess(tuner, kAll, 1e9, 32, 4) - guess(tuner, kAll, 0, 32, 4) ==
        Approx(1 / (80 * 32.0 / 62)));
  tuner.set_network_step(2e-6);
  CHECK(guess(tuner, kAll, 0, 16, 2) == Approx(10e-6 + 2 * 28e-6 + 2 * 5e-6));
  tuner.mutable_ways(0)->set_plateau(1.4);
  CHECK(guess(tuner, kAll, 0, 16, 2) == Approx(1.4 * 76e-6));
  CHECK(guess(tuner, CommType::kAllGather, 0, 16, 2) == Approx(10e-6 + 2 * 14e-6 + 5e-6));
}

TEST_CASE("a tree: up and down the node's chain and the levels over nodes, at half its bandwidth") {
  const Tuner tuner = tuner_of("tree/ll");
  CHECK(guess(tuner, kAll, 0, 64, 8) == Approx(10e-6 + 2 * (7e-6 + 3 * 5e-6)));
  CHECK(guess(tuner, kAll, 1e9, 64, 8) - guess(tuner, kAll, 0, 64, 8) == Approx(1 / 40.0));
}

TEST_CASE("corrections go by powers of two from 64 bytes, and end with the list") {
  Tuner tuner = tuner_of("tree/ll");
  const double fixed = guess(tuner, kAll, 0, 8, 1);
  tuner.mutable_ways(0)->add_correction(0.5);
  tuner.mutable_ways(0)->add_correction(0.25);
  const auto factor = [&](double bytes) {
    return bytes / 50e9 / (guess(tuner, kAll, bytes, 8, 1) - fixed);
  };
  CHECK(factor(64) == Approx(0.5).epsilon(1e-3));
  CHECK(factor(127) == Approx(0.5).epsilon(1e-3));
  CHECK(factor(128) == Approx(0.25).epsilon(1e-3));
  CHECK(factor(256) == Approx(1).epsilon(1e-3));
}

TEST_CASE("caps are for one node, two, or more, and for each rank that heads a reduction") {
  Tuner tuner = tuner_of("in_switch_tree/nvls");
  TunerWay* way = tuner.mutable_ways(0);
  way->set_most_per_rank(5e9);
  const auto bandwidth = [&](std::int64_t ranks, std::int64_t nodes) {
    return 1e9 / (guess(tuner, kAll, 1e9, ranks, nodes) - guess(tuner, kAll, 0, ranks, nodes)) /
           1e9;
  };
  CHECK(bandwidth(4, 1) == Approx(20));
  CHECK(bandwidth(8, 2) == Approx(20));
  CHECK(bandwidth(32, 8) == Approx(20));  // two children: half of 40
  way->set_most(11e9);
  CHECK(bandwidth(32, 8) == Approx(11));
  way->set_most_2_nodes(7e9);
  way->set_most_nodes(3e9);
  CHECK(bandwidth(4, 1) == Approx(11));
  CHECK(bandwidth(8, 2) == Approx(7));
  CHECK(bandwidth(32, 8) == Approx(3));
}
