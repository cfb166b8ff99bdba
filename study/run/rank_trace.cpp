#include "study/run/rank_trace.h"

#include <algorithm>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "sim/trace/recorder.h"

namespace reticle::study {

namespace {

using trace::Recorder;

// Consecutive kernels of one stream, layer and micro-batch.
struct Phase {
  const char* name = nullptr;
  int layer = llm::kNoLayer;
  int micro_batch = 0;
  std::int64_t start_ps = 0;
  std::int64_t end_ps = 0;
};

const char* phase_name(const llm::Node& node) {
  if (node.kind == llm::LayerKind::kHead) {
    return "head";
  }
  return node.stream == llm::Stream::kMoe ? "experts" : "layer";
}

class RankRow {
 public:
  RankRow(Recorder& recorder, trace::TrackId rank) : recorder_(recorder), rank_(rank) {}

  void add_stream(const char* name, llm::Stream stream, const Step& step,
                  const std::vector<systems::RankSpan>& spans) {
    const trace::TrackId track = recorder_.add_track(rank_, name, rtrace::TRACK_KIND_STREAM,
                                                     static_cast<std::uint64_t>(stream));
    Phase phase;
    for (std::size_t i = 0; i < spans.size(); ++i) {
      const llm::Node& node = step.graph.nodes[i];
      if (node.stream != stream) {
        continue;
      }
      if (step.nodes[i].network) {
        write(track, phase);
        phase = {};
        write(track, {"waiting", node.layer, node.micro_batch, spans[i].arrival, spans[i].start});
        write(track,
              {node.label.c_str(), node.layer, node.micro_batch, spans[i].start, spans[i].end});
        continue;
      }
      const char* same = phase_name(node);
      if (phase.name != same || phase.layer != node.layer ||
          phase.micro_batch != node.micro_batch) {
        write(track, phase);
        phase = {same, node.layer, node.micro_batch, spans[i].start, 0};
      }
      phase.end_ps = spans[i].end;
    }
    write(track, phase);
  }

  // A slot's tokens hold from one dispatch to the next.
  void add_loads(const Step& step, const std::vector<systems::RankSpan>& spans,
                 const std::map<int, RowsByRank>& rows, std::size_t rank) {
    if (rows.empty()) {
      return;
    }
    const trace::TrackId group =
        recorder_.add_track(rank_, "expert load", rtrace::TRACK_KIND_UNSPECIFIED);
    std::vector<trace::CounterId> slots;
    for (std::size_t slot = 0; slot < rows.begin()->second[rank].size(); ++slot) {
      slots.push_back(recorder_.add_counter(group, "slot " + std::to_string(slot), "tokens"));
    }
    for (const std::size_t task : dispatches(step, spans)) {
      const std::vector<std::int64_t>& loads = rows.at(step.graph.nodes[task].layer)[rank];
      for (std::size_t slot = 0; slot < slots.size(); ++slot) {
        recorder_.counter(slots[slot], spans[task].start, static_cast<double>(loads[slot]));
      }
    }
  }

 private:
  // In order of time: those of two micro-batches take turns.
  static std::vector<std::size_t> dispatches(const Step& step,
                                             const std::vector<systems::RankSpan>& spans) {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < spans.size(); ++i) {
      const auto* op = std::get_if<CollectiveOperator>(&step.graph.nodes[i].op);
      if (step.nodes[i].network && op != nullptr && op->has_moe_dispatch()) {
        out.push_back(i);
      }
    }
    std::stable_sort(out.begin(), out.end(),
                     [&](std::size_t a, std::size_t b) { return spans[a].start < spans[b].start; });
    return out;
  }

  void write(trace::TrackId track, const Phase& phase) {
    if (phase.name != nullptr && phase.end_ps > phase.start_ps) {
      recorder_.slice(track, recorder_.string(phase.name), phase.start_ps,
                      phase.end_ps - phase.start_ps,
                      {{recorder_.string("layer"), std::int64_t{phase.layer}},
                       {recorder_.string("micro_batch"), std::int64_t{phase.micro_batch}}});
    }
  }

  Recorder& recorder_;
  trace::TrackId rank_;
};

}  // namespace

void write_rank_trace(const std::filesystem::path& path, const ScenarioInputs& inputs,
                      const Step& step, const RankStep& ranks) {
  const systems::JointRun& run = ranks.run;
  Recorder recorder(
      path, {"reticle " RETICLE_VERSION,
             {{"scenario", inputs.scenario.name()}, {"straggler", std::to_string(run.straggler)}}});
  for (std::size_t rank = 0; rank < run.spans.size(); ++rank) {
    RankRow row(recorder, recorder.add_track(trace::kNoTrack, "rank " + std::to_string(rank),
                                             rtrace::TRACK_KIND_RANK, rank));
    row.add_stream("attention", llm::Stream::kAttention, step, run.spans[rank]);
    row.add_stream("MoE", llm::Stream::kMoe, step, run.spans[rank]);
    row.add_loads(step, run.spans[rank], ranks.rows, rank);
  }
  recorder.finish();
}

}  // namespace reticle::study
