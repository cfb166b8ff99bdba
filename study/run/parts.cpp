#include "study/run/parts.h"

#include <algorithm>
#include <map>
#include <set>

#include "models/kernels/kernel_key.h"
#include "models/kernels/work.h"
#include "schema/config/suggest.h"
#include "schema/errors.h"
#include "study/kernel/collective_study.h"
#include "study/kernel/governed_kernel.h"
#include "study/run/peak.h"

namespace reticle::study {

namespace {

using Labels = std::set<std::string>;

struct Kind {
  const char* name;
  const char* unit;
};

// Every part there is, in the order of the answer.
constexpr Kind kKinds[] = {{"tokens_per_s_per_chip", "1/s"},
                           {"step_time_ms", "ms"},
                           {"tpot_ms", "ms"},
                           {"ttft_ms", "ms"},
                           {"layer_time_us", "us"},
                           {"mla_tflops", "TFLOPS"},
                           {"mla_share_of_allotted_peak", "1"},
                           {"mla_alone_tflops", "TFLOPS"},
                           {"expert_gemm_tflops", "TFLOPS"},
                           {"expert_gemm_share_of_allotted_peak", "1"},
                           {"expert_gemm_alone_tflops", "TFLOPS"},
                           {"projections_alone_us", "us"},
                           {"dispatch_us", "us"},
                           {"combine_us", "us"},
                           {"dispatch_ep8_us", "us"},
                           {"combine_ep8_us", "us"},
                           {"host_ms", "ms"},
                           {"power_w", "W"}};

const Kind* find_kind(const std::string& name) {
  const auto* found = std::find_if(std::begin(kKinds), std::end(kKinds),
                                   [&](const Kind& kind) { return name == kind.name; });
  return found == std::end(kKinds) ? nullptr : found;
}

void add(Throughput& throughput, const std::string& name, double value) {
  Part* part = throughput.add_parts();
  part->set_name(name);
  part->set_value(value);
  part->set_unit(find_kind(name)->unit);
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

// A node's kernel alone on the whole chip, repeated at the clock its power cap allows, launches
// left out.
double alone_seconds(const Step& step, std::size_t node, Simulator& simulator) {
  L2State state;
  state.set_start(L2_START_BENCH);
  const GovernedKernel kernel = governed_kernel(
      simulator, std::get<Operator>(step.graph.nodes[node].op), state, simulator.fidelity());
  return kernel.seconds - static_cast<double>(kernel.launch_ps) * 1e-12;
}

// Linear layers of one micro-batch that no dispatch feeds, alone one after the other.
double projections_us(const Step& step, Simulator& simulator) {
  double seconds = 0;
  const std::vector<std::size_t> nodes =
      moe_nodes(step, {"qkv_a", "q_b", "kv_b", "o_proj", "shared_gate_up", "shared_down"});
  for (const std::size_t i : nodes) {
    const llm::Node& node = step.graph.nodes[i];
    const llm::Node& first = step.graph.nodes[nodes.front()];
    if (node.layer == first.layer && node.micro_batch == first.micro_batch) {
      seconds += alone_seconds(step, i, simulator);
    }
  }
  return seconds * 1e6;
}

// Dispatch and combine as their libraries publish them: 8 ranks, 128 tokens a rank, top-8.
void add_ep8(Throughput& throughput, const ScenarioInputs& inputs, Simulator& simulator) {
  constexpr std::int64_t kRanks = 8;
  constexpr std::int64_t kTokens = 128;
  constexpr std::int64_t kTopk = 8;
  const std::int64_t experts = inputs.model.experts().routed();
  if (inputs.scenario.phase() == PHASE_PREFILL || experts % kRanks != 0 ||
      inputs.machine.ranks < kRanks) {
    return;
  }
  MoeTransfer transfer;
  transfer.set_ranks(kRanks);
  transfer.set_tokens_per_rank(kTokens);
  transfer.set_hidden(inputs.model.hidden());
  transfer.set_topk(kTopk);
  transfer.set_experts(experts);
  transfer.set_mode(TRANSFER_MODE_LOW_LATENCY);
  const auto time_us = [&](const CollectiveOperator& op) {
    return collective_result(inputs.system.message, inputs.machine.ranks_per_package, simulator, op)
        .time_us();
  };
  CollectiveOperator dispatch;
  transfer.set_dtype(inputs.scenario.precision().dispatch());
  *dispatch.mutable_moe_dispatch() = transfer;
  CollectiveOperator combine;
  transfer.set_dtype(inputs.scenario.precision().combine());
  *combine.mutable_moe_combine() = transfer;
  add(throughput, "dispatch_ep8_us", time_us(dispatch));
  add(throughput, "combine_ep8_us", time_us(combine));
}

// Matrix kernels of some labels: what they reach in the step, and alone.
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
    operations += node.demand.operations();
    seconds += static_cast<double>(step.spans[i].end - step.spans[i].start) * 1e-12;
    alone += alone_seconds(step, i, simulator);
    cores_share +=
        static_cast<double>(node.cores.matrix()) / all / static_cast<double>(nodes.size());
  }
  if (nodes.empty() || seconds <= 0) {
    return;
  }
  const double peak = peak_flops(inputs.rank_chip.message, dtype);
  add(throughput, prefix + "_tflops", operations / seconds * 1e-12);
  add(throughput, prefix + "_share_of_allotted_peak", operations / seconds / (peak * cores_share));
  add(throughput, prefix + "_alone_tflops", operations / alone * 1e-12);
}

// Where a published figure is written down.
config::Origin origin_of(const Published& published, const ScenarioInputs& inputs,
                         const config::Loaded<Study>& study) {
  const auto found = study.provenance.find("scenarios." + inputs.scenario.name() + ".published." +
                                           published.part() + ".value");
  config::Origin nowhere;
  nowhere.at.file = study.message.name();
  return found == study.provenance.end() ? nowhere : found->second;
}

void add_published(Throughput& throughput, const ScenarioInputs& inputs,
                   const config::Loaded<Study>& study) {
  for (const Published& published : inputs.scenario.published()) {
    const config::Origin origin = origin_of(published, inputs, study);
    const auto part =
        std::find_if(throughput.mutable_parts()->begin(), throughput.mutable_parts()->end(),
                     [&](const Part& one) { return one.name() == published.part(); });
    if (part == throughput.mutable_parts()->end()) {
      throw ConfigError(origin.at, "the model has no part `" + published.part() + "`");
    }
    part->set_published(published.value());
    part->set_error_percent((part->value() / published.value() - 1) * 100);
    part->set_source(origin.source);
  }
}

}  // namespace

void check_published(const ScenarioInputs& inputs, const config::Loaded<Study>& study) {
  for (const Published& published : inputs.scenario.published()) {
    const Location at = origin_of(published, inputs, study).at;
    const Kind* kind = find_kind(published.part());
    if (kind == nullptr) {
      std::vector<std::string> names;
      for (const Kind& one : kKinds) {
        names.emplace_back(one.name);
      }
      throw ConfigError(at, "no part `" + published.part() + "` to compare with",
                        config::suggestion(published.part(), names, "parts"));
    }
    if (published.unit() != kind->unit) {
      throw ConfigError(
          at, "part `" + published.part() + "` is in " + kind->unit + ", not " + published.unit());
    }
  }
}

void add_parts(Throughput& throughput, const ScenarioInputs& inputs,
               const config::Loaded<Study>& study, const Step& step, const Step& alike,
               Simulator& simulator) {
  add(throughput, "tokens_per_s_per_chip", throughput.tokens_per_s_per_chip());
  add(throughput, "step_time_ms", throughput.step_time_ms());
  if (throughput.has_tpot_ms()) {
    add(throughput, "tpot_ms", throughput.tpot_ms());
  } else {
    add(throughput, "ttft_ms", throughput.ttft_ms());
  }
  add(throughput, "layer_time_us", layer_us(step));
  const Precision& precision = inputs.scenario.precision();
  add_kernels(throughput, "mla", {"mla_core"}, precision.attention(), inputs, alike, simulator);
  add_kernels(throughput, "expert_gemm", {"gate_up", "down"}, precision.linear(), inputs, alike,
              simulator);
  add(throughput, "projections_alone_us", projections_us(step, simulator));
  add(throughput, "dispatch_us", mean_us(step, {"dispatch_quantize", "dispatch_send", "dispatch"}));
  add(throughput, "combine_us", mean_us(step, {"combine", "combine_sum"}));
  add_ep8(throughput, inputs, simulator);
  add(throughput, "host_ms", static_cast<double>(step.host_ps) * 1e-9);
  add(throughput, "power_w",
      step.power.power_w * static_cast<double>(inputs.machine.ranks_per_package));
  add_published(throughput, inputs, study);
}

}  // namespace reticle::study
