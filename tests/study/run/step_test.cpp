#include "study/run/step.h"

#include <catch2/catch.hpp>
#include <map>

#include "models/kernels/store.h"
#include "study/run/parts.h"
#include "study/run/throughput.h"

using namespace reticle;
using namespace reticle::study;

namespace {

// A scenario of the main study, run without a store on disk.
struct Run {
  explicit Run(int index)
      : catalog(RETICLE_SOURCE_DIR "/configs"),
        study(catalog.open_study(RETICLE_SOURCE_DIR "/configs/studies/910c-vs-h800-decode.yaml")),
        inputs(load_scenario(catalog, study, study.message.scenarios(index))),
        store({}),
        simulator("chip", inputs.rank_chip.message, inputs.software.message, FIDELITY_CYCLE, store),
        step(simulate_step(inputs, simulator)) {}

  config::Catalog catalog;
  config::Loaded<Study> study;
  ScenarioInputs inputs;
  kernels::Store store;
  Simulator simulator;
  Step step;
};

void check_order(const Step& step) {
  std::map<llm::Stream, engine::Ps> busy_until;
  for (std::size_t i = 0; i < step.spans.size(); ++i) {
    const llm::Node& node = step.graph.nodes[i];
    const chips::TaskSpan& span = step.spans[i];
    INFO(node.label << " of layer " << node.layer);
    CHECK(span.issue >= busy_until[node.stream]);  // a stream runs one task at a time, in order
    busy_until[node.stream] = span.end;
    for (const int before : node.dependencies) {
      CHECK(span.issue >= step.spans[static_cast<std::size_t>(before)].end);
    }
    CHECK(span.start >= span.issue);
    CHECK(span.end > span.start);
  }
}

// Nothing is faster than alone, and no resource is busier than the clock allows.
void check_kernels(const Step& step) {
  for (std::size_t i = 0; i < step.nodes.size(); ++i) {
    const StepNode& node = step.nodes[i];
    const engine::Ps taken = step.spans[i].end - step.spans[i].start;
    INFO(step.graph.nodes[i].label);
    if (node.network) {
      CHECK(taken >= node.transfer.total_ps());
      continue;
    }
    CHECK(taken >= node.demand.time_ps());
    for (const ResourceUse& use : node.demand.use()) {
      INFO(Resource_Name(use.resource()));
      CHECK(use.busy_ps() <= node.demand.time_ps());
    }
  }
}

// Over the whole step no shared resource does more than its time allows.
void check_totals(const Step& step) {
  std::map<Resource, engine::Ps> busy;
  for (const StepNode& node : step.nodes) {
    for (const ResourceUse& use : node.demand.use()) {
      if (use.resource() == RESOURCE_HBM || use.resource() == RESOURCE_L2) {
        busy[use.resource()] += use.busy_ps();
      }
    }
  }
  CHECK(busy[RESOURCE_HBM] > step.device_ps / 10);  // decode streams weights and cache
  CHECK(busy[RESOURCE_HBM] <= step.device_ps);
  CHECK(busy[RESOURCE_L2] <= step.device_ps);
}

engine::Ps last_end(const Step& step, int layer) {
  engine::Ps end = 0;
  for (std::size_t i = 0; i < step.spans.size(); ++i) {
    end = step.graph.nodes[i].layer == layer ? std::max(end, step.spans[i].end) : end;
  }
  return end;
}

double part(const Throughput& throughput, const std::string& name) {
  for (const Part& one : throughput.parts()) {
    if (one.name() == name) {
      return one.value();
    }
  }
  FAIL("no part " << name);
  return 0;
}

void check(const Run& run) {
  check_order(run.step);
  check_kernels(run.step);
  check_totals(run.step);
}

}  // namespace

TEST_CASE("the 910C step keeps order, overlaps its streams and loses no time") {
  const Run run(0);
  check(run);
  engine::Ps attention = 0;
  engine::Ps moe = 0;
  for (std::size_t i = 0; i < run.step.spans.size(); ++i) {
    const engine::Ps taken = run.step.spans[i].end - run.step.spans[i].issue;
    (run.step.graph.nodes[i].stream == llm::Stream::kMoe ? moe : attention) += taken;
  }
  CHECK(attention + moe > run.step.device_ps * 5 / 4);            // they do run at once
  CHECK(run.step.total_ps() == run.step.device_ps + 1000000000);  // 1 ms of host time
}

TEST_CASE("the H800 step keeps order and loses no time") { check(Run(1)); }

// One scenario a case: SystemC elaborates once a process.
void require_power_under_cap(const Run& run) {
  const double cap_w = run.simulator.chip().power().cap();
  CHECK(run.step.governed_w <= cap_w);
  CHECK(run.step.power.power_w <= run.step.governed_w);
  const bool held = run.step.power.clock_hz < run.simulator.power().curve.max_clock_hz;
  CHECK((!held || run.step.governed_w > 0.97 * cap_w));
  const double seconds = static_cast<double>(run.step.total_ps()) * 1e-12;
  CHECK(chips::total(run.step.joules) == Approx(run.step.power.power_w * seconds).epsilon(1e-12));
}

TEST_CASE("the clock of a step keeps a 910C's average power at or just under the cap") {
  require_power_under_cap(Run(0));
}

TEST_CASE("the clock of a step keeps an H800's average power at or just under the cap") {
  require_power_under_cap(Run(1));
}

TEST_CASE("the layer time is the mean of the MoE layers after the first") {
  Run run(0);
  Throughput result = throughput(run.inputs, run.step);
  add_parts(result, run.inputs, run.study, run.step, run.step, run.simulator);
  // Layers 3 to 60 have experts; 57 steps lie between the end of the first and of the last.
  const double mean =
      static_cast<double>(last_end(run.step, 60) - last_end(run.step, 3)) * 1e-6 / 57;
  CHECK(part(result, "layer_time_us") == Approx(mean));
  CHECK(part(result, "mla_tflops") < part(result, "mla_alone_tflops"));
  CHECK(part(result, "mla_share_of_allotted_peak") < 1);
  CHECK(part(result, "expert_gemm_share_of_allotted_peak") < 1);
}
