#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "models/systems/collective.h"
#include "models/systems/expert_load.h"
#include "models/systems/uneven.h"
#include "schema/errors.h"
#include "tests/models/systems/toy_systems.h"

using namespace reticle;
using namespace reticle::systems;

namespace {

Fault* add_fault(System& system, const char* name, const char* tier) {
  Fault* fault = system.add_faults();
  fault->set_name(name);
  fault->set_tier(tier);
  fault->set_rate_left(1);
  return fault;
}

Software software() {
  Software out;
  *out.mutable_transfers() = padded_rows();
  return out;
}

double dispatch_us(const System& system, std::int64_t ranks, const std::string& load = "balanced",
                   bool eplb = false) {
  CollectiveOperator op;
  *op.mutable_moe_dispatch() = transfer(ranks, 96, 8, DTYPE_INT8);
  op.mutable_moe_dispatch()->set_load(load);
  op.mutable_moe_dispatch()->set_eplb(eplb);
  return collective(system, 2, software(), op).time_us;
}

double all_to_all_us(const System& system, std::int64_t per_package, std::int64_t ranks) {
  CollectiveOperator op;
  op.mutable_all_to_all()->set_ranks(ranks);
  op.mutable_all_to_all()->set_bytes(ranks * 1'000'000);
  op.mutable_all_to_all()->set_placement("packed");
  return collective(system, per_package, software(), op).time_us;
}

}  // namespace

TEST_CASE("all tokens on one rank: its port takes the rows of everybody") {
  // 16 dies; 768 rows of 7,680 B from each of 15, one of them over the package's own link:
  // 14 x 5.89824 MB through the 196 GB/s port, and 1.2 us.
  CHECK(dispatch_us(supernode(), 16, "one_rank") == Approx(14 * 5898.24 / 196 + 1.2));
}

TEST_CASE("power-law loads: slower than balanced, less so when experts are placed by load") {
  const double even = dispatch_us(supernode(), 32);
  const double skewed = dispatch_us(supernode(), 32, "power_law_1.2");
  const double placed = dispatch_us(supernode(), 32, "power_law_1.2", true);
  CHECK(even < placed);
  CHECK(placed < skewed);
}

TEST_CASE("drawn shares sum to one, repeat with the seed, and follow the exponent") {
  MoeTransfer op = transfer(32, 96, 8, DTYPE_INT8);
  op.set_load("power_law_1.2");
  const std::vector<double> shares = rank_shares(op, 1);
  CHECK(std::accumulate(shares.begin(), shares.end(), 0.0) == Approx(1));
  CHECK(rank_shares(op, 1) == shares);
  CHECK(rank_shares(op, 2) != shares);
  op.set_eplb(true);
  const std::vector<double> placed = rank_shares(op, 1);
  CHECK(*std::max_element(placed.begin(), placed.end()) <
        *std::max_element(shares.begin(), shares.end()));
  op.set_load("power_law_x");
  CHECK_THROWS_WITH(rank_shares(op, 1),
                    "load=power_law_x: the exponent is not a positive number (power_law_1.2)");
  op.set_load("hot");
  CHECK_THROWS_WITH(rank_shares(op, 1),
                    "load=hot: not balanced, one_rank, power_law_A or a number an expert (a:b:c)");
}

TEST_CASE("pair by pair, equal ranks take what one rank for all says") {
  System system = supernode();
  const double whole = all_to_all_us(system, 2, 64);
  add_fault(system, "none", "ub_node")->set_die(700);  // not one of the 64
  CHECK(all_to_all_us(system, 2, 64) == Approx(whole).epsilon(1e-9));
}

TEST_CASE("one of seven planes cut leaves six sevenths of the tier") {
  System system = gpu_cluster();
  system.mutable_fabric()->mutable_tiers(1)->set_planes(7);
  const double whole = all_to_all_us(system, 1, 16);
  add_fault(system, "cut", "rdma")->set_planes_down(1);
  const double cut = all_to_all_us(system, 1, 16);
  CHECK((cut - 1.75) / (whole - 1.75) == Approx(7.0 / 6));
}

TEST_CASE("one die's port at half its rate holds everybody up") {
  System system = gpu_cluster();
  const double whole = all_to_all_us(system, 1, 8);
  Fault* fault = add_fault(system, "slow", "nvlink");
  fault->set_die(3);
  fault->set_rate_left(0.5);
  CHECK((all_to_all_us(system, 1, 8) - 0.6) / (whole - 0.6) == Approx(2));
}

TEST_CASE("a die whose links in the node are down is reached over the network") {
  System system = gpu_cluster();
  Fault* fault = add_fault(system, "down", "nvlink");
  fault->set_die(3);
  fault->set_rate_left(0);
  // Rank 3's seven parts of 1 MB over its 46 GB/s NIC; the plan's latency is the healthy one.
  CHECK(all_to_all_us(system, 1, 8) == Approx(7e6 / 46e3 + 0.6));
  Fault* nic = add_fault(system, "nic", "rdma");
  nic->set_die(3);
  nic->set_rate_left(0);
  CHECK_THROWS_WITH(all_to_all_us(system, 1, 8),
                    "system `gpus`: ranks 0 and 3 cannot reach each other: every link that joins "
                    "them is down (faults)");
}

TEST_CASE("a missing die is passed over, and the next one is the spare") {
  System system = gpu_cluster();
  Fault* fault = add_fault(system, "gone", "");
  fault->set_die(2);
  fault->set_missing(true);
  const Machine used = machine(system, 1, 8);
  CHECK(used.dies == std::vector<std::int64_t>{0, 1, 3, 4, 5, 6, 7, 8});
  CHECK(used.nodes == 2);
  // Rank 7 is in the next node: its seven parts cross its NIC.
  CHECK(all_to_all_us(system, 1, 8) == Approx(7e6 / 46e3 + 0.6));
  CHECK_THROWS_WITH(machine(system, 1, 128),
                    "ranks=128: system `gpus` has 128 dies, 1 of them missing (faults): no spare "
                    "is left");
}
