#include "study/run/step_trace.h"

#include <array>
#include <map>

#include "sim/trace/recorder.h"
#include "study/kernel/kernel_study.h"

namespace reticle::study {

namespace {

using trace::Recorder;

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
      recorder.counter(counter, time, level);
    }
  }

 private:
  std::map<engine::Ps, double> change_;
};

double amount(const StepNode& node, Resource resource) {
  for (const ResourceUse& use : node.demand.use()) {
    if (use.resource() == resource) {
      return use.amount();
    }
  }
  return 0;
}

class StepTrace {
 public:
  StepTrace(const std::filesystem::path& path, const ScenarioInputs& inputs, const Step& step)
      : step_(step),
        recorder_(path, {"reticle " RETICLE_VERSION, {{"scenario", inputs.scenario.name()}}}) {
    chip_ = recorder_.add_track(trace::kNoTrack, inputs.rank_chip.message.name() + " rank 0",
                                rtrace::TRACK_KIND_RANK, 0);
    streams_ = {recorder_.add_track(chip_, "attention stream", rtrace::TRACK_KIND_STREAM, 0),
                recorder_.add_track(chip_, "MoE stream", rtrace::TRACK_KIND_STREAM, 1)};
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
                        {recorder_.string("energy_j"), joules(cost)}};
    if (cost.network) {
      args.push_back({recorder_.string("payload_bytes"), cost.transfer.payload_bytes()});
      args.push_back({recorder_.string("bound_by"), recorder_.string(cost.transfer.bound_by())});
    } else {
      args.push_back({recorder_.string("hbm_bytes"), amount(cost, RESOURCE_HBM)});
      args.push_back({recorder_.string("operations"), cost.demand.operations()});
      args.push_back(
          {recorder_.string("bound_by"), recorder_.string(resource_name(cost.demand.bound_by()))});
      args.push_back({recorder_.string("tiling"), recorder_.string(cost.demand.variant())});
    }
    return recorder_.slice(streams_[static_cast<std::size_t>(node.stream)],
                           recorder_.string(node.label), span.start, span.end - span.start, args);
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
  }

  const Step& step_;
  Recorder recorder_;
  trace::TrackId chip_;
  std::array<trace::TrackId, 2> streams_;
};

}  // namespace

void write_step_trace(const std::filesystem::path& path, const ScenarioInputs& inputs,
                      const Step& step) {
  StepTrace(path, inputs, step).write();
}

}  // namespace reticle::study
