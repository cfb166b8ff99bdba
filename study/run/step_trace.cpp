#include "study/run/step_trace.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "models/chips/power.h"
#include "sim/trace/recorder.h"
#include "study/kernel/kernel_study.h"
#include "study/run/bottlenecks.h"
#include "study/run/roofs.h"

namespace reticle::study {

namespace {

using trace::Recorder;

constexpr double kBytesPerGb = 1e9;

// Sums of rates over what runs, as a step function of time.
class Rates {
 public:
  void add(engine::Ps start, engine::Ps end, double rate) {
    if (end > start && rate > 0) {
      change_[start] += rate;
      change_[end] -= rate;
    }
  }
  void write(Recorder& recorder, trace::CounterId counter, double base) const {
    double level = base;
    recorder.counter(counter, 0, level);
    for (const auto& [time, change] : change_) {
      level += change;
      recorder.counter(counter, time, std::max(level, 0.0));  // what is added and taken may round
    }
  }

 private:
  std::map<engine::Ps, double> change_;
};

const char* name(llm::Stream stream) {
  switch (stream) {
    case llm::Stream::kAttention:
      return "attention stream";
    case llm::Stream::kMoe:
      return "MoE stream";
    case llm::Stream::kNetwork:
      break;
  }
  return "transfer stream";
}

double amount(const StepNode& node, Resource resource) {
  for (const ResourceUse& use : node.demand.use()) {
    if (use.resource() == resource) {
      return use.amount();
    }
  }
  return 0;
}

// What the trace says of the run, and of its chip's roofs.
std::vector<std::pair<std::string, std::string>> trace_properties(const ScenarioInputs& inputs) {
  std::vector<std::pair<std::string, std::string>> out = roof_properties(inputs.rank_chip.message);
  out.insert(out.begin(), {"scenario", inputs.scenario.name()});
  return out;
}

class StepTrace {
 public:
  StepTrace(const std::filesystem::path& path, const ScenarioInputs& inputs, const Step& step)
      : step_(step),
        memory_(inputs.memory),
        recorder_(path, {"reticle " RETICLE_VERSION, trace_properties(inputs)}) {
    chip_ = recorder_.add_track(
        trace::kNoTrack, inputs.rank_chip.message.name() + " rank " + std::to_string(step.rank),
        rtrace::TRACK_KIND_RANK, step.rank);
    for (const llm::Node& node : step.graph.nodes) {
      if (streams_.count(node.stream) == 0) {
        const int index = static_cast<int>(streams_.size());
        streams_[node.stream] =
            recorder_.add_track(chip_, name(node.stream), rtrace::TRACK_KIND_STREAM, index);
      }
    }
  }

  void write() {
    std::vector<trace::SliceRef> slices;
    for (std::size_t i = 0; i < step_.graph.nodes.size(); ++i) {
      slices.push_back(slice(i));
    }
    for (std::size_t i = 0; i < step_.graph.nodes.size(); ++i) {
      for (const int before : step_.graph.nodes[i].dependencies) {
        const auto from = static_cast<std::size_t>(before);
        if (step_.graph.nodes[from].stream != step_.graph.nodes[i].stream) {
          recorder_.flow(slices[from], slices[i]);
        }
      }
    }
    write_counters();
    recorder_.finish();
  }

 private:
  double joules(const StepNode& node) const {
    return chips::total(chips::at_voltage(node.dynamic_energy(), step_.power.core_scale));
  }

  trace::SliceRef slice(std::size_t index) {
    const llm::Node& node = step_.graph.nodes[index];
    const chips::TaskSpan& span = step_.spans[index];
    const StepNode& cost = step_.nodes[index];
    trace::Args args = {{recorder_.string("layer"), std::int64_t{node.layer}},
                        {recorder_.string("micro_batch"), std::int64_t{node.micro_batch}},
                        {recorder_.string("energy_j"), joules(cost)},
                        {recorder_.string("bound_by"),
                         recorder_.string(resource_name(longest_held(span.held_by)))}};
    if (cost.network) {
      args.push_back({recorder_.string("payload_bytes"), cost.transfer.payload_bytes()});
    } else {
      args.push_back({recorder_.string("hbm_bytes"), amount(cost, RESOURCE_HBM)});
      args.push_back({recorder_.string("operations"), cost.demand.operations()});
      args.push_back({recorder_.string("tiling"), recorder_.string(cost.demand.variant())});
    }
    return recorder_.slice(streams_.at(node.stream), recorder_.string(node.label), span.start,
                           span.end - span.start, args);
  }

  void write_counters() {
    Rates power;
    Rates hbm;
    Rates link;
    for (std::size_t i = 0; i < step_.nodes.size(); ++i) {
      const chips::TaskSpan& span = step_.spans[i];
      const double seconds = static_cast<double>(span.end - span.start) * 1e-12;
      if (seconds <= 0) {
        continue;
      }
      power.add(span.start, span.end, joules(step_.nodes[i]) / seconds);
      hbm.add(span.start, span.end, amount(step_.nodes[i], RESOURCE_HBM) / seconds);
      link.add(span.start, span.end, step_.nodes[i].transfer.payload_bytes() / seconds);
    }
    power.write(recorder_, recorder_.add_counter(chip_, "power", "W"),
                step_.power.board_w + step_.power.clock_tree_w + step_.power.leakage_w);
    hbm.write(recorder_, recorder_.add_counter(chip_, "hbm traffic", "B/s"), 0);
    link.write(recorder_, recorder_.add_counter(chip_, "link traffic", "B/s"), 0);
    write_state();
    write_components();
  }

  // Held over the step: the governor's steady state, and what the static batch has cached.
  void write_state() {
    const std::int64_t end = step_.device_ps;
    const auto constant = [&](const char* name, const char* unit, double value) {
      const trace::CounterId counter = recorder_.add_counter(chip_, name, unit);
      recorder_.counter(counter, 0, value);
      recorder_.counter(counter, end, value);
    };
    constant("clock", "Hz", step_.power.clock_hz);
    constant("temperature", "degC", step_.power.temperature_c);
    for (const NamedValue& part : memory_.parts_gb()) {
      if (part.name() == "kv_cache") {
        constant("KV cache", "B", part.value() * kBytesPerGb);
      }
    }
  }

  // Power by component; they sum to the counter `power`.
  void write_components() {
    const trace::TrackId group =
        recorder_.add_track(chip_, "power by component", rtrace::TRACK_KIND_UNSPECIFIED);
    std::map<std::string, Rates> components;
    for (std::size_t i = 0; i < step_.nodes.size(); ++i) {
      const chips::TaskSpan& span = step_.spans[i];
      const double seconds = static_cast<double>(span.end - span.start) * 1e-12;
      for (const auto& [name, joules] :
           chips::at_voltage(step_.nodes[i].dynamic_energy(), step_.power.core_scale)) {
        components[name].add(span.start, span.end, seconds > 0 ? joules / seconds : 0);
      }
    }
    for (const auto& [name, rates] : components) {
      rates.write(recorder_, recorder_.add_counter(group, name, "W"), 0);
    }
    const std::pair<const char*, double> held[] = {{"board", step_.power.board_w},
                                                   {"clock_tree", step_.power.clock_tree_w},
                                                   {"leakage", step_.power.leakage_w}};
    for (const auto& [name, watts] : held) {
      const trace::CounterId counter = recorder_.add_counter(group, name, "W");
      recorder_.counter(counter, 0, watts);
      recorder_.counter(counter, step_.device_ps, watts);
    }
  }

  const Step& step_;
  const MemoryFit& memory_;
  Recorder recorder_;
  trace::TrackId chip_;
  std::map<llm::Stream, trace::TrackId> streams_;
};

}  // namespace

void write_step_trace(const std::filesystem::path& path, const ScenarioInputs& inputs,
                      const Step& step) {
  StepTrace(path, inputs, step).write();
}

}  // namespace reticle::study
