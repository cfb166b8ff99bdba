#include "study/trace/profile_replay.h"

#include <algorithm>

#include "study/trace/recorded_replay.h"
#include "study/trace/text_table.h"

namespace reticle::study {
namespace {

constexpr double kPsPerMs = 1e9;

double ms(std::int64_t ps) { return rounded(static_cast<double>(ps) / kPsPerMs); }

// The calls within an annotation, on its thread: recorded and replayed span.
ReplayedStep step(const traces::Recording& recording, const traces::LaunchGraph& graph,
                  const RecordedReplay& replay, std::size_t annotation) {
  const traces::Slices& s = recording.slices;
  ReplayedStep out;
  out.name = recording.name(annotation);
  std::int64_t first = -1;
  std::int64_t last = 0;
  std::int64_t recorded_first = 0;
  std::int64_t recorded_last = 0;
  for (std::size_t i = 0; i < graph.tasks.size(); ++i) {
    const std::uint32_t slice = graph.tasks[i].slice;
    const bool inside =
        s.start_ps[slice] >= s.start_ps[annotation] && s.end_ps(slice) <= s.end_ps(annotation);
    if (!inside || s.track[slice] != s.track[annotation]) {
      continue;
    }
    if (first < 0) {
      first = replay.times[i].start_ps;
      recorded_first = s.start_ps[slice];
    }
    last = std::max(last, replay.times[i].end_ps);
    recorded_last = std::max(recorded_last, s.end_ps(slice));
  }
  out.recorded_ps = s.duration_ps[annotation];
  // What the host does before the first call and after the last takes as long as recorded.
  const std::int64_t around = out.recorded_ps - (recorded_last - recorded_first);
  out.simulated_ps = first < 0 ? out.recorded_ps : last - first + around;
  return out;
}

}  // namespace

ProfileReplay replay_profile(const traces::Recording& recording) {
  const traces::LaunchGraph graph = traces::launch_graph(recording);
  const RecordedReplay replay = replay_recorded(recording, graph);
  ProfileReplay out;
  out.nodes = graph.tasks.size();
  out.recorded_ps = replay.recorded_ps;
  out.simulated_ps = replay.simulated_ps;
  out.event_edges = graph.event_edges;
  out.contradicted = replay.contradicted;
  for (std::size_t i = 0; i < recording.slices.size(); ++i) {
    if (recording.slices.category[i] == traces::Category::kAnnotation &&
        recording.name(i).rfind("ProfilerStep", 0) == 0) {
      out.steps.push_back(step(recording, graph, replay, i));
    }
  }
  return out;
}

nlohmann::ordered_json to_json(const ProfileReplay& replay) {
  nlohmann::ordered_json out;
  out["ranks"] = replay.ranks;
  out["nodes"] = replay.nodes;
  out["recorded_ms"] = ms(replay.recorded_ps);
  out["simulated_ms"] = ms(replay.simulated_ps);
  out["steps"] = nlohmann::ordered_json::array();
  for (const ReplayedStep& s : replay.steps) {
    out["steps"].push_back({{"name", s.name},
                            {"recorded_ms", ms(s.recorded_ps)},
                            {"simulated_ms", ms(s.simulated_ps)}});
  }
  out["event_edges"] = replay.event_edges;
  out["contradicted_edges"] = replay.contradicted;
  return out;
}

std::string to_text(const ProfileReplay& replay) {
  std::vector<std::vector<std::string>> rows{{"", "recorded ms", "simulated ms"}};
  const auto row = [&](const std::string& name, std::int64_t recorded, std::int64_t simulated) {
    rows.push_back({name, formatted("%.3f", ms(recorded)), formatted("%.3f", ms(simulated))});
  };
  row("makespan", replay.recorded_ps, replay.simulated_ps);
  for (const ReplayedStep& s : replay.steps) {
    row(s.name, s.recorded_ps, s.simulated_ps);
  }
  return text_table(rows, 1) + "  " + std::to_string(replay.nodes) + " nodes; " +
         std::to_string(replay.event_edges) + " waits between streams inferred, " +
         std::to_string(replay.contradicted) + " broken by the recording\n";
}

}  // namespace reticle::study
