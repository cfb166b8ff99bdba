#include "study/retarget/retarget.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <numeric>

#include "schema/config/catalog.h"
#include "study/kernel/kernel_study.h"
#include "workloads/traces/kineto_reader.h"

namespace reticle::study {
namespace {

const std::filesystem::path kSource = RETICLE_SOURCE_DIR;

// The sample, one of 8 ranks, on eight H800.
class Target {
 public:
  Target() : catalog(kSource / "configs"), store(std::filesystem::path()) {
    system = catalog.system("hgx-h800").message;
    chip = catalog.chip("h800-sxm").message;
    software = catalog.software(software_stack(chip, "")).message;
    model.set_hidden(2048);
    model.mutable_experts()->set_routed(64);
    model.mutable_experts()->set_topk(4);
    model.mutable_experts()->set_width(512);
    recording = traces::read_kineto(kSource / "tests/workloads/traces/sample.json");
  }
  Retargeted run(const std::string& label) {
    Simulator simulator(label, chip, software, FIDELITY_CYCLE, store);
    return retarget(recording, model, system, 1, simulator, &chip);
  }

  config::Catalog catalog;
  kernels::Store store;
  System system;
  Chip chip;
  Software software;
  Model model;
  traces::Recording recording;
};

}  // namespace

TEST_CASE("a recording is simulated on another machine, class by class") {
  Target target;
  const Retargeted out = target.run("a");
  CHECK(out.chip == "h800-sxm");
  CHECK(out.ranks == 8);
  CHECK(out.nodes == 13);
  CHECK(out.recorded_ps == 780000000);
  std::int64_t recorded = 0;
  for (const RetargetedClass& c : out.classes) {
    recorded += c.recorded_ps;
    CHECK(c.simulated_ps > 0);
    CHECK(c.scaled_ps <= c.recorded_ps);
    const engine::Ps held = std::accumulate(c.held_by.begin(), c.held_by.end(), engine::Ps{0});
    CHECK(held - c.held_by[RESOURCE_LAUNCH] == c.simulated_ps);
  }
  CHECK(recorded == 1020250000);
  double confidence = 0;
  for (const auto& [level, share] : out.confidence) {
    confidence += share;
  }
  CHECK(confidence == Approx(1));
  CHECK(chips::total(out.energy_j) ==
        Approx(out.power.power_w * static_cast<double>(out.simulated_ps) * 1e-12));
  CHECK(out.power.power_w <= target.chip.power().cap());
  Retargeted priced = out;
  add_cost(load_subject(target.catalog, {"hgx-h800", "", "", {}}), 1, priced);
  const double hours = static_cast<double>(out.simulated_ps) / 3.6e15;
  CHECK(priced.cost_usd.at("rental") == Approx(2.0 * 8 * hours));
  CHECK(priced.cost_usd.at("build") > 0);
  CHECK(priced.cost_usd.at("price") > priced.cost_usd.at("build"));
}

TEST_CASE("a lower power cap is a lower clock, never a shorter time") {
  Target free;
  Target capped;
  capped.chip.mutable_power()->set_cap(150);
  Simulator one("a", free.chip, free.software, FIDELITY_CYCLE, free.store);
  Simulator two("b", capped.chip, capped.software, FIDELITY_CYCLE, capped.store);
  const auto run = [](Target& t, Simulator& simulator) {
    return retarget(t.recording, t.model, t.system, 1, simulator, &t.chip);
  };
  const Retargeted fast = run(free, one);
  const Retargeted held = run(capped, two);
  CHECK(held.power.clock_hz < fast.power.clock_hz);
  CHECK(held.power.power_w < fast.power.power_w);
  CHECK(held.simulated_ps >= fast.simulated_ps);
}

TEST_CASE("the run on the target can be traced: as many kernels, in order, as long as it says") {
  Target target;
  const Retargeted out = target.run("a");
  const traces::Slices& s = out.simulated.slices;
  REQUIRE(s.size() == out.nodes);
  std::int64_t last = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    CHECK(s.duration_ps[i] >= 0);
    if (i > 0 && s.track[i] == s.track[i - 1]) {
      CHECK(s.start_ps[i] >= s.end_ps(i - 1));
    }
    last = traces::on_device(s.category[i]) ? std::max(last, s.end_ps(i)) : last;
  }
  CHECK(last <= out.simulated_ps);
  CHECK(out.simulated.device == target.chip.name());
}

TEST_CASE("durations among kernels of a name are no input") {
  Target first;
  Target second;
  traces::Slices& s = second.recording.slices;
  std::vector<std::size_t> gemms;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (second.recording.name(i).find("gemm") != std::string::npos) {
      gemms.push_back(i);
    }
  }
  REQUIRE(gemms.size() == 2);
  REQUIRE(s.duration_ps[gemms[0]] != s.duration_ps[gemms[1]]);
  std::swap(s.duration_ps[gemms[0]], s.duration_ps[gemms[1]]);
  Simulator one("a", first.chip, first.software, FIDELITY_CYCLE, first.store);
  const auto run = [&](Target& t) {
    return retarget(t.recording, t.model, t.system, 1, one, &t.chip).simulated_ps;
  };
  CHECK(run(first) == run(second));
}

}  // namespace reticle::study
