#include <catch2/catch.hpp>

#include "schema/errors.h"
#include "tests/models/systems/toy_systems.h"

using namespace reticle;
using namespace reticle::systems;

TEST_CASE("ranks take packages and nodes") {
  const Machine all = machine(supernode(), 2, 768);
  CHECK(all.packages == 384);
  CHECK(all.nodes == 48);
  CHECK(all.ranks_per_node == 16);
  const Machine study = machine(supernode(), 2, 320);
  CHECK(study.packages == 160);
  CHECK(study.nodes == 20);
  const Machine part = machine(supernode(), 2, 6);
  CHECK(part.packages == 3);
  CHECK(part.nodes == 1);
  CHECK(machine(supernode(), 2, 1).packages == 1);
  CHECK(machine(gpu_cluster(), 1, 128).nodes == 16);
}

TEST_CASE("a bare die is one rank, a package as many as it has dies") {
  Chip chip;
  CHECK(ranks_per_package(chip) == 1);
  chip.mutable_package()->set_dies(2);
  CHECK(ranks_per_package(chip) == 2);
}

TEST_CASE("ranks that do not fit are refused with the sums") {
  CHECK_NOTHROW(machine(gpu_cluster(), 1, 128));
  CHECK_THROWS_WITH(machine(gpu_cluster(), 1, 129),
                    "ranks=129: system `gpus` has 128 (16 nodes x 8 packages x 1 ranks)");
  CHECK_THROWS_WITH(machine(supernode(), 2, 769),
                    "ranks=769: system `supernode` has 768 (48 nodes x 8 packages x 2 ranks)");
  CHECK_THROWS_WITH(machine(supernode(), 2, 7),
                    "ranks=7: not a multiple of the 2 ranks of a package");
  CHECK_THROWS_WITH(machine(supernode(), 2, 20),
                    "ranks=20: not a multiple of the 16 ranks of a node");
  CHECK_THROWS_WITH(machine(supernode(), 2, 0), "ranks=0: at least 1 is needed");
  CHECK_THROWS_AS(machine(supernode(), 2, 0), UsageError);
}

TEST_CASE("one rank in each of as many packages, or nodes") {
  const fabric::Placement packages = placed(supernode(), 2, 16, "packages");
  CHECK(packages.node(7) == 0);
  CHECK(packages.node(8) == 1);
  CHECK(packages.package(1) == 1);
  const fabric::Placement nodes = placed(supernode(), 2, 3, "nodes");
  CHECK(nodes.node(2) == 2);
  CHECK(placed(supernode(), 2, 32, "packed").node(15) == 0);
  CHECK_THROWS_WITH(placed(supernode(), 2, 49, "nodes"),
                    "ranks=49: system `supernode` has 48 (48 nodes x 1 packages x 1 ranks)");
  CHECK_THROWS_WITH(placed(supernode(), 2, 4, "spread"),
                    "placement=spread: not packed, packages or nodes");
  System faulty = supernode();
  faulty.add_faults()->set_die(3);
  CHECK_THROWS_WITH(placed(faulty, 2, 4, "nodes"),
                    "placement=nodes: with faults of dies or nodes ranks are packed");
}
