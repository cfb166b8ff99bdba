// --set moves the answer as physics says: both sides of every direction, on the shipped study.
#include <catch2/catch.hpp>

#include "tests/cli/study.h"

namespace reticle::test {
namespace {

using Json = nlohmann::json;

struct Answer {
  Json ascend;
  Json h800;
};

Answer answer(const Workspace& workspace, const std::vector<std::string>& settings = {}) {
  const Json result = run_study(workspace, settings);
  return {scenario(result, "910c"), scenario(result, "h800")};
}

double tokens(const Json& one) { return one.at("throughput").at("tokens_per_s_per_chip"); }
double step_ms(const Json& one) { return one.at("throughput").at("step_time_ms"); }
double usd(const Json& one, const char* basis) {
  return one.at("cost").at(basis).at("usd_per_million_tokens").at("p50");
}
std::string largest(const Json& one) { return one.at("bottlenecks").at(0).at("resource"); }

std::vector<std::string> ub(const std::string& rate) {
  const std::string tiers = "systems.cloudmatrix384.fabric.tiers.";
  return {tiers + "ub_node.bandwidth=" + rate, tiers + "ub_system.bandwidth=" + rate};
}

std::vector<std::string> nic(const std::string& rate) {
  return {"systems.hgx-h800.fabric.tiers.rdma.bandwidth=" + rate};
}

// A machine's own knob must not move the other machine's answer.
void check_same(const Json& a, const Json& b) {
  CHECK(a.at("throughput") == b.at("throughput"));
  CHECK(a.at("energy") == b.at("energy"));
}

}  // namespace

TEST_CASE("HBM rate: more is faster, half is slower") {
  const Workspace workspace(Store::kShared);
  const Answer base = answer(workspace);
  // 3.2 Gb/s a pin on the 910C, 5.24 on the H800.
  const Answer more = answer(workspace, {"chips.ascend-910c-die.hbm.data_rate=4.8 Gb/s",
                                         "chips.h800-sxm.hbm.data_rate=7.86 Gb/s"});
  const Answer half = answer(workspace, {"chips.ascend-910c-die.hbm.data_rate=1.6 Gb/s",
                                         "chips.h800-sxm.hbm.data_rate=2.62 Gb/s"});
  CHECK(tokens(more.ascend) > tokens(base.ascend) * 1.01);  // bound by cube, MTE2 and its cap
  CHECK(tokens(more.h800) > tokens(base.h800) * 1.02);
  CHECK(tokens(half.ascend) < tokens(base.ascend) * 0.9);
  CHECK(tokens(half.h800) < tokens(base.h800) * 0.9);
  // Nothing is more than proportional.
  CHECK(tokens(more.ascend) < tokens(base.ascend) * 1.5);
  CHECK(tokens(half.h800) > tokens(base.h800) * 0.5);
}

TEST_CASE("clock: faster cores are never slower, and never more than in proportion") {
  const Workspace workspace(Store::kShared);
  const Answer base = answer(workspace);
  const Answer up =
      answer(workspace, {"chips.ascend-910c-die.clock=2.16 GHz", "chips.h800-sxm.clock=2.106 GHz"});
  const Answer down =
      answer(workspace, {"chips.ascend-910c-die.clock=1.5 GHz", "chips.h800-sxm.clock=1.4625 GHz"});
  const auto check = [](double slow, double at, double fast) {
    CHECK(fast >= at);
    CHECK(fast < at * 1.2);
    CHECK(slow <= at);
    CHECK(slow > at / 1.2);
  };
  check(tokens(down.ascend), tokens(base.ascend), tokens(up.ascend));
  check(tokens(down.h800), tokens(base.h800), tokens(up.h800));
}

TEST_CASE("UB: half moves little, a tenth shows as the link, the H800 does not care") {
  const Workspace workspace(Store::kShared);
  const Answer base = answer(workspace);
  const Answer twice = answer(workspace, ub("392 GB/s"));
  const Answer half = answer(workspace, ub("98 GB/s"));
  const Answer tenth = answer(workspace, ub("19.6 GB/s"));
  CHECK(tokens(half.ascend) <= tokens(base.ascend));  // cores send no faster
  CHECK(tokens(half.ascend) > tokens(base.ascend) * 0.95);
  CHECK(tokens(twice.ascend) >= tokens(base.ascend));
  CHECK(tokens(twice.ascend) < tokens(base.ascend) * 1.02);
  CHECK(tokens(tenth.ascend) < tokens(base.ascend) * 0.8);
  CHECK(largest(base.ascend) != "link");
  CHECK(largest(tenth.ascend) == "link");
  check_same(tenth.h800, base.h800);
}

TEST_CASE("NIC: halving hurts the H800, doubling helps less, doubling again hardly") {
  const Workspace workspace(Store::kShared);
  const Answer base = answer(workspace);
  const Answer half = answer(workspace, nic("25 GB/s"));
  const Answer twice = answer(workspace, nic("100 GB/s"));
  const Answer four = answer(workspace, nic("200 GB/s"));
  const double loss = tokens(base.h800) - tokens(half.h800);
  const double gain = tokens(twice.h800) - tokens(base.h800);
  CHECK(loss > tokens(base.h800) * 0.2);
  CHECK(gain >= 0);
  CHECK(gain < loss / 2);
  CHECK(tokens(four.h800) - tokens(twice.h800) < gain + 1);
  CHECK(largest(half.h800) == "link");
  // Beyond the knee the step is the all-to-all: half the rate again is nearly half the speed.
  const Answer quarter = answer(workspace, nic("12.5 GB/s"));
  const Answer eighth = answer(workspace, nic("6.25 GB/s"));
  CHECK(tokens(eighth.h800) / tokens(quarter.h800) == Approx(0.5).margin(0.1));
  check_same(half.ascend, base.ascend);
}

TEST_CASE("batch: fewer sequences, a shorter step and fewer tokens") {
  const Workspace workspace(Store::kShared);
  const Answer base = answer(workspace);
  const Answer small = answer(
      workspace, {"scenarios.910c.sequences_per_rank=24", "scenarios.h800.sequences_per_rank=64"});
  for (const auto& [few, many] :
       {std::make_pair(small.ascend, base.ascend), std::make_pair(small.h800, base.h800)}) {
    CHECK(step_ms(few) < step_ms(many));
    CHECK(step_ms(few) > step_ms(many) / 2);  // weights are read for few as for many
    CHECK(tokens(few) < tokens(many));
    CHECK(few.at("memory").at("used_gb") < many.at("memory").at("used_gb"));
    CHECK(few.at("energy").at("chip").at("j_per_token") >
          many.at("energy").at("chip").at("j_per_token"));
  }
}

TEST_CASE("MTP off: a shorter step that yields fewer tokens") {
  const Workspace workspace(Store::kShared);
  const Answer base = answer(workspace);
  const Answer off =
      answer(workspace, {"scenarios.910c.mtp.positions=1", "scenarios.910c.mtp.acceptance=0"});
  CHECK(off.ascend.at("throughput").at("tokens_per_step_per_sequence") == 1);
  CHECK(step_ms(off.ascend) < step_ms(base.ascend));
  CHECK(step_ms(off.ascend) > step_ms(base.ascend) / 1.7);  // else drafting would not pay
  CHECK(tokens(off.ascend) < tokens(base.ascend));
  // A draft that is never taken costs its time and gives nothing.
  const Answer refused = answer(workspace, {"scenarios.910c.mtp.acceptance=0"});
  CHECK(step_ms(refused.ascend) == step_ms(base.ascend));
  CHECK(tokens(refused.ascend) == Approx(tokens(base.ascend) / 1.7).epsilon(1e-8));
}

TEST_CASE("defects and electricity cost money and nothing else") {
  const Workspace workspace(Store::kShared);
  const Answer base = answer(workspace);
  const Answer dirty = answer(workspace, {"processes.smic-n2.defect_density=0.50 /cm2"});
  const Answer clean = answer(workspace, {"processes.smic-n2.defect_density=0.10 /cm2"});
  CHECK(usd(dirty.ascend, "build") > usd(base.ascend, "build"));
  CHECK(usd(clean.ascend, "build") < usd(base.ascend, "build"));
  CHECK(usd(dirty.ascend, "price") == usd(base.ascend, "price"));  // a list price knows no yield
  const Answer dear = answer(workspace, {"scenarios.910c.site.electricity=0.20 USD/kWh"});
  const Answer free = answer(workspace, {"scenarios.910c.site.electricity=0.01 USD/kWh"});
  for (const char* basis : {"build", "price"}) {
    CHECK(usd(dear.ascend, basis) > usd(base.ascend, basis));
    CHECK(usd(free.ascend, basis) < usd(base.ascend, basis));
  }
  for (const Answer& one : {dirty, clean, dear, free}) {
    check_same(one.ascend, base.ascend);
    check_same(one.h800, base.h800);
    CHECK(one.h800.at("cost") == base.h800.at("cost"));
  }
}

TEST_CASE("a batch fits in memory up to the one the refusal names") {
  const Workspace workspace(Store::kShared);
  const auto status = [&](const std::string& batch) {
    return run(workspace, {"run", shipped_study(), "--fidelity", "cycle", "--out",
                           (workspace / "out").string(), "--set",
                           "scenarios.h800.sequences_per_rank=" + batch})
        .status;
  };
  CHECK(status("178") == 3);
  CHECK(status("176") == 0);
}

}  // namespace reticle::test
