#include <catch2/catch.hpp>

#include "models/systems/moe_transfer.h"
#include "schema/config/catalog.h"
#include "tests/models/systems/toy_systems.h"

using namespace reticle;
using namespace reticle::systems;

namespace {

config::Loaded<System> load(const std::string& name) {
  return config::Catalog(RETICLE_SOURCE_DIR "/configs").system(name);
}

}  // namespace

// CM384 (arXiv 2506.12708): 384 packages, 392 GB/s a package, 7 x 448 GB/s up a node.
TEST_CASE("cloudmatrix384 loads with the published numbers") {
  const System system = load("cloudmatrix384").message;
  CHECK(machine(system, 2, 768).packages == 384);
  REQUIRE(system.fabric().tiers_size() == 3);
  CHECK(system.fabric().tiers(0).bandwidth() == 270e9);
  CHECK(2 * system.fabric().tiers(1).bandwidth() == 392e9);
  CHECK(system.fabric().tiers(1).port() == system.fabric().tiers(2).port());
  CHECK(system.fabric().tiers(2).uplink() == 7 * 448e9);
  CHECK(system.fabric().tiers(2).uplink() == 16 * system.fabric().tiers(2).bandwidth());
  CHECK(system.power().optics_per_package() == 18 * 6);
  CHECK(system.fabric().tiers(1).energy_per_bit() == 6.5e-12);
}

TEST_CASE("hgx-h800 loads with the published numbers") {
  const System system = load("hgx-h800").message;
  CHECK(machine(system, 1, 128).nodes == 16);
  REQUIRE(system.fabric().tiers_size() == 2);
  CHECK(system.fabric().tiers(0).bandwidth() * system.fabric().tiers(0).wire_share() ==
        Approx(0.82 * 200e9));
  CHECK(system.fabric().tiers(1).bandwidth() * system.fabric().tiers(1).wire_share() ==
        Approx(0.97 * 50e9));
  CHECK(system.power().host() == 4200);
}

TEST_CASE("every uncertain number of the systems says so") {
  const config::Provenance from = load("cloudmatrix384").provenance;
  CHECK(from.at("fabric.tiers.ub_node.energy_per_bit").grade == "C");
  CHECK(from.at("fabric.tiers.ub_node.bandwidth").grade == "A");
  CHECK(from.at("cost.network_per_package").low == 3000.0);
}

// The tests beside this one write the supernode out; the file must give the same transfers.
TEST_CASE("the file gives what the written-out supernode gives") {
  const MoeTransfer wide = transfer(320, 96, 9, DTYPE_INT8);
  CHECK(moe_transfer(span(load("cloudmatrix384").message, 2, 320), padded_rows(), wide,
                     Direction::kDispatch)
            .network.total_ps() ==
        moe_transfer(span(supernode(), 2, 320), padded_rows(), wide, Direction::kDispatch)
            .network.total_ps());
}
