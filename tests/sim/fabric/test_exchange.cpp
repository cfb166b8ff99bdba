#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>

#include "schema/errors.h"
#include "sim/fabric/exchange.h"
#include "tests/support/tiers.h"

using namespace reticle;
using namespace reticle::fabric;

namespace {

std::size_t below(std::mt19937_64& random, std::size_t n) { return random() % n; }

double some(std::mt19937_64& random, double unit) {
  return unit * static_cast<double>(1 + below(random, 20));
}

Tier* four_planes(System& system, const char* name, Scope scope, const char* port,
                  double bandwidth) {
  Tier* tier = test::add_tier(system, name, scope, port, bandwidth, 1e-6);
  tier->set_planes(4);
  return tier;
}

Fault* add_fault(System& system, const char* name, const char* tier, double left) {
  Fault* fault = system.add_faults();
  fault->set_name(name);
  fault->set_tier(tier);
  fault->set_rate_left(left);
  return fault;
}

struct Case {
  System system;
  Placement placement;
  std::vector<double> payload;
};

// Two or three tiers, shared ports, uplinks, caps, slow dies and nodes, some as a multiple of
// others: ties are where grouping goes wrong.
Case random_case(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Case out;
  out.system.set_name("random");
  const std::int64_t in_package = 1 + static_cast<std::int64_t>(below(random, 3));
  const std::int64_t in_node = in_package * (1 + static_cast<std::int64_t>(below(random, 4)));
  out.placement = {in_node * (1 + static_cast<std::int64_t>(below(random, 4))), in_package,
                   in_node};
  if (below(random, 2) == 0) {
    four_planes(out.system, "package", SCOPE_PACKAGE, "die", some(random, 10e9));
  }
  const double port = some(random, 10e9);
  Tier* node = four_planes(out.system, "node", SCOPE_NODE, "port", port);
  Tier* outer =
      four_planes(out.system, "system", SCOPE_SYSTEM, below(random, 2) == 0 ? "port" : "nic",
                  below(random, 2) == 0 ? port : some(random, 10e9));
  if (below(random, 3) == 0) {
    node->set_write_pair_cap(some(random, 1e9));
  }
  if (below(random, 3) == 0) {
    outer->set_uplink(some(random, 40e9));
  }
  for (const char* tier : {"node", "system"}) {
    if (below(random, 3) == 0) {
      add_fault(out.system, tier, tier, 0.25 * static_cast<double>(1 + below(random, 3)))
          ->set_die(static_cast<std::int64_t>(
              below(random, static_cast<std::size_t>(out.placement.ranks))));
    }
  }
  if (below(random, 4) == 0) {
    add_fault(out.system, "uplink", "system", 0.5)->set_node(0);
  }
  if (below(random, 4) == 0) {
    add_fault(out.system, "cut", "system", 1)->set_planes_down(1);
  }
  for (std::int64_t rank = 0; rank < out.placement.ranks; ++rank) {
    out.payload.push_back(below(random, 5) == 0 ? 0 : some(random, 1e5));
  }
  return out;
}

void check_same(const ExchangeOutcome& grouped, const ExchangeOutcome& pairs) {
  const auto near = [](std::int64_t a, std::int64_t b) { return std::llabs(a - b) <= 2; };
  CHECK(near(grouped.finish_ps, pairs.finish_ps));
  for (std::size_t rank = 0; rank < pairs.ranks.size(); ++rank) {
    INFO("rank " << rank << ": received " << grouped.ranks[rank].received_ps << " against "
                 << pairs.ranks[rank].received_ps << ", sent " << grouped.ranks[rank].sent_ps
                 << " against " << pairs.ranks[rank].sent_ps);
    REQUIRE(near(grouped.ranks[rank].received_ps, pairs.ranks[rank].received_ps));
    REQUIRE(near(grouped.ranks[rank].incoming_ps, pairs.ranks[rank].incoming_ps));
    REQUIRE(near(grouped.ranks[rank].sent_ps, pairs.ranks[rank].sent_ps));
  }
  for (std::size_t r = 0; r < pairs.bytes.size(); ++r) {
    REQUIRE(grouped.bytes[r] == Approx(pairs.bytes[r]).margin(1e-3));
  }
}

}  // namespace

TEST_CASE("an exchange in classes is the exchange pair by pair, on random machines and loads") {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    INFO("seed " << seed);
    const Case c = random_case(seed);
    const Topology topology(c.system, c.placement, Grouping::kEveryRank);
    for (const Toward toward : {Toward::kTo, Toward::kFrom}) {
      check_same(run_exchange(topology, c.payload, toward),
                 run_exchange_in_pairs(topology, c.payload, toward));
    }
  }
}

TEST_CASE("an exchange moves every byte, and no link carries more than its rate allows") {
  for (std::uint64_t seed = 200; seed <= 300; ++seed) {
    INFO("seed " << seed);
    const Case c = random_case(seed);
    const Topology topology(c.system, c.placement, Grouping::kEveryRank);
    const ExchangeOutcome out = run_exchange(topology, c.payload, Toward::kTo);
    double sent = 0;
    for (const double bytes : c.payload) {
      sent += bytes * static_cast<double>(c.placement.ranks - 1);
    }
    double injected = 0;
    double ejected = 0;
    for (std::size_t r = 0; r < out.bytes.size(); ++r) {
      const Resource& link = topology.resources()[r];
      const bool of_tier = link.name.find(" port ") == std::string::npos;
      injected += of_tier && link.name.find("injection") != std::string::npos ? out.bytes[r] : 0;
      ejected += of_tier && link.name.find("ejection") != std::string::npos ? out.bytes[r] : 0;
      REQUIRE(out.bytes[r] / link.capacity <= static_cast<double>(out.finish_ps) * 1e-12 + 2e-12);
    }
    CHECK(injected == Approx(sent));
    CHECK(ejected == Approx(sent));
  }
}

TEST_CASE("a rank cut off a tier takes the next one outwards, pair by pair") {
  System system;
  system.set_name("two tiers");
  four_planes(system, "inner", SCOPE_NODE, "inner", 10e9);
  four_planes(system, "outer", SCOPE_SYSTEM, "outer", 1e9);
  add_fault(system, "down", "inner", 0)->set_die(0);
  const Topology topology(system, {4, 1, 4}, Grouping::kEveryRank);
  const ExchangeOutcome out = run_exchange(topology, {1e6, 0, 0, 0}, Toward::kTo);
  CHECK(out.finish_ps == 3'000'000'000);  // 3 MB into rank 0 at 1 GB/s
  CHECK(topology.resources()[*out.bound].name == "outer ejection 0");
}

TEST_CASE("a rank that no tier reaches is refused with the reason") {
  System system;
  system.set_name("one tier");
  four_planes(system, "inner", SCOPE_NODE, "inner", 10e9);
  add_fault(system, "down", "inner", 0)->set_die(1);
  const Topology topology(system, {3, 1, 3}, Grouping::kEveryRank);
  CHECK_THROWS_WITH(run_exchange(topology, {1e6, 1e6, 1e6}, Toward::kTo),
                    "system `one tier`: ranks 1 and 0 cannot reach each other: every link that "
                    "joins them is down (faults)");
}
