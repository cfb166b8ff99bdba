// Systems whose parts do not fit are refused when they are read, at the line in question.
#include <catch2/catch.hpp>

#include "samples.h"
#include "schema/config/catalog.h"

using namespace reticle::config;
using namespace reticle::config::test;

namespace {

std::string tier_text(const std::string& name, const std::string& scope,
                      const std::string& more = "") {
  return "    " + name + ":\n      scope: " + scope +
         "\n      port: p\n      bandwidth: 100 GB/s\n      wire_share: 1\n      latency: 1 us\n"
         "      energy_per_bit: 1 pJ/bit\n" +
         more;
}

// Tiers begin on line 8; each takes seven lines.
std::string system_text(const std::string& tiers, const std::string& more = "") {
  return "chip: c\nrank_chip: c\nsource: test\ngrade: A\nnodes: 2\npackages_per_node: 4\n"
         "fabric:\n  tiers:\n" +
         tiers + "cost: {host: 1 USD, network_per_package: 1 USD}\n" +
         "power: {host: 1 W, optics_per_package: 1 W}\n" + more;
}

std::string refused_system(const std::string& text) {
  const Folder folder;
  folder.write("systems/s.yaml", text);
  return error_of([&] { Catalog(folder.path()).system("s"); }, folder.path().string());
}

std::string faulty_system(const std::string& fault) {
  return system_text(tier_text("inner", "node") + tier_text("outer", "system"),
                     "faults:\n  broken: " + fault + "\n");
}

}  // namespace

TEST_CASE("a system that fits is read") {
  const Folder folder;
  folder.write("systems/s.yaml",
               system_text(tier_text("inner", "node") + tier_text("outer", "system")));
  CHECK_NOTHROW(Catalog(folder.path()).system("s"));
}

TEST_CASE("tiers that do not widen, and ranks that nothing joins") {
  CHECK(refused_system(system_text(tier_text("outer", "system") + tier_text("inner", "node"))) ==
        "systems/s.yaml:19:18: system `s`: tier `inner` does not reach further than `outer` before "
        "it (tiers go from the inside out: package, node, rail, system)");
  CHECK(refused_system(system_text(tier_text("inner", "node"))) ==
        "systems/s.yaml:5:8: system `s`: its nodes cannot reach each other: no tier has scope "
        "system (nodes: 1, or a tier over nodes)");
  CHECK(refused_system(
            system_text(tier_text("outer", "system", "      in_switch_reduction: 101 GB/s\n"))) ==
        "systems/s.yaml:16:28: system `s`: tier `outer` reduces faster than its ports carry");
}

TEST_CASE("a tier without bandwidth") {
  std::string text = system_text(tier_text("outer", "system"));
  text.replace(text.find("100 GB/s"), 8, "0 GB/s");
  CHECK_THAT(refused_system(text), Catch::StartsWith("systems/s.yaml:12:18: "));
}

TEST_CASE("faults name what is there") {
  CHECK(refused_system(faulty_system("{tier: iner, rate_left: 0.5}")) ==
        "systems/s.yaml:26:35: system `s`: fault `broken`: no tier `iner` (did you mean `inner`? "
        "tiers: inner, outer)");
  CHECK(refused_system(faulty_system("{tier: outer, planes_down: 2}")) ==
        "systems/s.yaml:26:38: system `s`: fault `broken`: tier `outer` has 1 planes");
  CHECK(refused_system(faulty_system("{tier: outer, node: 2}")) ==
        "systems/s.yaml:26:31: system `s`: fault `broken`: node 2 of 2 (counted from 0)");
  CHECK_THAT(refused_system(faulty_system("{missing: true}")),
             Catch::EndsWith("system `s`: fault `broken`: which die is missing? (die: N)"));
}

TEST_CASE("a new fault is named by --set, key by key") {
  const Folder folder;
  folder.write("systems/s.yaml",
               system_text(tier_text("inner", "node") + tier_text("outer", "system")));
  const auto with = [&](const std::vector<Setting>& settings) {
    return Catalog(folder.path(), settings).system("s").message;
  };
  const reticle::System system =
      with({{"systems.s.faults.cut.tier", "outer"}, {"systems.s.faults.cut.rate_left", "0.5"}});
  REQUIRE(system.faults_size() == 1);
  CHECK(system.faults(0).name() == "cut");
  CHECK(system.faults(0).rate_left() == 0.5);
  CHECK(system.faults(0).planes_down() == 0);
  CHECK_THAT(error_of([&] {
               with({{"systems.s.faults.cut.rate_left", "0.5"}});
             }),
             Catch::EndsWith("system `s`: fault `cut`: no tier `` (tiers: inner, outer)"));
}
