#include "study/run/parts.h"

#include <algorithm>
#include <functional>
#include <set>

#include "models/kernels/kernel_key.h"
#include "models/kernels/work.h"
#include "schema/config/suggest.h"
#include "schema/errors.h"
#include "study/run/peak.h"

namespace reticle::study {

namespace {

using Labels = std::set<std::string>;

void add(Throughput& throughput, const std::string& name, double value, const std::string& unit) {
  Part* part = throughput.add_parts();
  part->set_name(name);
  part->set_value(value);
  part->set_unit(unit);
}

// Nodes of MoE decoder layers with one of the labels.
std::vector<std::size_t> moe_nodes(const Step& step, const Labels& labels) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < step.graph.nodes.size(); ++i) {
    const llm::Node& node = step.graph.nodes[i];
    if (node.kind == llm::LayerKind::kMoe && labels.count(node.label) > 0) {
      found.push_back(i);
    }
  }
  return found;
}

// Mean time of a group of labels in one layer and micro-batch, us, waiting for the launch included.
double mean_us(const Step& step, const Labels& labels) {
  double total = 0;
  std::set<std::pair<int, int>> places;
  for (const std::size_t i : moe_nodes(step, labels)) {
    total += static_cast<double>(step.spans[i].end - step.spans[i].issue) * 1e-6;
    places.insert({step.graph.nodes[i].layer, step.graph.nodes[i].micro_batch});
  }
  return places.empty() ? 0 : total / static_cast<double>(places.size());
}

// All micro-batches of a layer, in steady state: from the end of the first MoE layer to the end of
// the last.
double layer_us(const Step& step) {
  std::map<int, engine::Ps> ends;
  for (std::size_t i = 0; i < step.graph.nodes.size(); ++i) {
    if (step.graph.nodes[i].kind == llm::LayerKind::kMoe) {
      engine::Ps& end = ends[step.graph.nodes[i].layer];
      end = std::max(end, step.spans[i].end);
    }
  }
  if (ends.size() < 2) {
    return 0;
  }
  return static_cast<double>(ends.rbegin()->second - ends.begin()->second) * 1e-6 /
         static_cast<double>(ends.size() - 1);
}

// Matrix kernels of some labels: what they reach in the step, and alone on the whole chip.
void add_kernels(Throughput& throughput, const std::string& prefix, const Labels& labels,
                 Dtype dtype, const ScenarioInputs& inputs, const Step& step,
                 Simulator& simulator) {
  double operations = 0;
  double seconds = 0;
  double alone = 0;
  double cores_share = 0;
  const auto all = static_cast<double>(kernels::all_cores(simulator.chip()).matrix());
  const std::vector<std::size_t> nodes = moe_nodes(step, labels);
  for (const std::size_t i : nodes) {
    const StepNode& node = step.nodes[i];
    L2State state;
    state.set_start(L2_START_BENCH);
    operations += node.demand.operations();
    seconds += static_cast<double>(step.spans[i].end - step.spans[i].start) * 1e-12;
    alone +=
        static_cast<double>(
            simulator.demand_alone(std::get<Operator>(step.graph.nodes[i].op), state).time_ps()) *
        1e-12;
    cores_share +=
        static_cast<double>(node.cores.matrix()) / all / static_cast<double>(nodes.size());
  }
  if (nodes.empty() || seconds <= 0) {
    return;
  }
  const double peak = peak_flops(inputs.rank_chip.message, dtype);
  add(throughput, prefix + "_tflops", operations / seconds * 1e-12, "TFLOPS");
  add(throughput, prefix + "_share_of_allotted_peak", operations / seconds / (peak * cores_share),
      "1");
  add(throughput, prefix + "_alone_tflops", operations / alone * 1e-12, "TFLOPS");
}

void add_published(Throughput& throughput, const ScenarioInputs& inputs,
                   const config::Loaded<Study>& study) {
  std::vector<std::string> names;
  for (const Part& part : throughput.parts()) {
    names.push_back(part.name());
  }
  for (const Published& published : inputs.scenario.published()) {
    const std::string path =
        "scenarios." + inputs.scenario.name() + ".published." + published.part() + ".value";
    const auto origin = study.provenance.find(path);
    const Location at =
        origin == study.provenance.end() ? Location{study.message.name(), 0, 0} : origin->second.at;
    const auto found = std::find(names.begin(), names.end(), published.part());
    if (found == names.end()) {
      throw ConfigError(at, "no part `" + published.part() + "` to compare with",
                        config::suggestion(published.part(), names, "parts"));
    }
    Part& part = *throughput.mutable_parts(static_cast<int>(found - names.begin()));
    if (part.unit() != published.unit()) {
      throw ConfigError(
          at, "part `" + part.name() + "` is in " + part.unit() + ", not " + published.unit());
    }
    part.set_published(published.value());
    part.set_error_percent((part.value() / published.value() - 1) * 100);
    if (origin != study.provenance.end()) {
      part.set_source(origin->second.source);
    }
  }
}

}  // namespace

void add_parts(Throughput& throughput, const ScenarioInputs& inputs,
               const config::Loaded<Study>& study, const Step& step, Simulator& simulator) {
  add(throughput, "tokens_per_s_per_chip", throughput.tokens_per_s_per_chip(), "1/s");
  add(throughput, "step_time_ms", throughput.step_time_ms(), "ms");
  add(throughput, "tpot_ms", throughput.tpot_ms(), "ms");
  add(throughput, "layer_time_us", layer_us(step), "us");
  const Precision& precision = inputs.scenario.precision();
  add_kernels(throughput, "mla", {"mla_core"}, precision.attention(), inputs, step, simulator);
  add_kernels(throughput, "expert_gemm", {"gate_up", "down"}, precision.linear(), inputs, step,
              simulator);
  add(throughput, "dispatch_us", mean_us(step, {"dispatch_quantize", "dispatch_send", "dispatch"}),
      "us");
  add(throughput, "combine_us", mean_us(step, {"combine", "combine_sum"}), "us");
  add(throughput, "host_ms", static_cast<double>(step.host_ps) * 1e-9, "ms");
  add_published(throughput, inputs, study);
}

}  // namespace reticle::study
