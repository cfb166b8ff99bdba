// A prefill pass at `fast`: what its clocks and its dispatches wait for.
#include <catch2/catch.hpp>

#include "models/kernels/store.h"
#include "study/kernel/kernel_study.h"
#include "study/run/step.h"

using namespace reticle;
using namespace reticle::study;

namespace {

struct Prefill {
  Prefill()
      : catalog(RETICLE_SOURCE_DIR "/configs"),
        study(catalog.open_study(RETICLE_SOURCE_DIR "/configs/studies/910c-vs-h800-prefill.yaml")),
        inputs(load_scenario(catalog, study, study.message.scenarios(2))),
        store({}) {
    inputs.model.set_layers(6);  // three of them dense
  }

  Step step() {
    Simulator simulator("chip", inputs.rank_chip.message, inputs.software.message, FIDELITY_FAST,
                        store);
    cap_w = simulator.chip().power().cap();
    return simulate_step(inputs, simulator);
  }

  Power& power() { return *inputs.rank_chip.message.mutable_power(); }

  config::Catalog catalog;
  config::Loaded<Study> study;
  ScenarioInputs inputs;
  kernels::Store store;
  double cap_w = 0;
};

}  // namespace

TEST_CASE("the host launches a dispatch of the normal mode when it has the counts") {
  Prefill prefill;
  const Software& software = prefill.inputs.software.message;
  const engine::Ps launch = launch_ps(software, 1, 1);
  const engine::Ps counts = engine::seconds_to_ps(software.transfers().normal().counts());
  CHECK(counts == 41'000'000);
  const Step step = prefill.step();
  int dispatches = 0;
  for (std::size_t i = 0; i < step.nodes.size(); ++i) {
    if (step.graph.nodes[i].label == "dispatch") {
      ++dispatches;
      // Launched with the quantiser before it (fused), so that counts are all it waits for.
      const engine::Ps lead = step.spans[i].start - step.spans[i].issue;
      CHECK((lead == counts + launch || lead == counts));
    } else if (step.graph.nodes[i].label == "combine") {
      CHECK(step.spans[i].start - step.spans[i].issue <= launch);
    }
  }
  CHECK(dispatches == 6);  // three layers, two micro-batches
}

TEST_CASE("a pass of many windows keeps the hottest rank at its cap, and is slower for it") {
  Prefill prefill;
  prefill.power().set_control_window(0.02);
  const Step step = prefill.step();
  CHECK(step.total_ps() > 40'000'000'000);  // two windows and more
  CHECK(step.governed_w == Approx(prefill.cap_w).epsilon(0.02));
  CHECK(step.power.power_w < step.governed_w);
  const double seconds = static_cast<double>(step.total_ps()) * 1e-12;
  CHECK(chips::total(step.joules) == Approx(step.power.power_w * seconds));
  prefill.power().set_spread(0);
  const Step alike = prefill.step();
  CHECK(alike.total_ps() < step.total_ps());
  CHECK(alike.power.power_w == Approx(alike.governed_w));
}

TEST_CASE("one clock or one a phase: a pass of equal layers takes nearly the same") {
  Prefill prefill;
  prefill.power().set_control_window(0.02);
  const double by_phase = static_cast<double>(prefill.step().total_ps());
  prefill.power().set_control_window(0);
  const double as_one = static_cast<double>(prefill.step().total_ps());
  CHECK(by_phase / as_one == Approx(1).epsilon(0.03));
}
