#include "study/replay/system_replay.h"

#include <sys/resource.h>

#include <algorithm>
#include <sstream>

#include "study/replay/replay_trace.h"
#include "workloads/traces/chakra.h"
#include "workloads/traces/rank_graphs.h"

namespace reticle::study {
namespace {

constexpr std::size_t kShownLinks = 8;
constexpr double kPsPerMs = 1e9;
constexpr double kKibPerMb = 1e6 / 1024;

double ms(std::int64_t ps) { return static_cast<double>(ps) / kPsPerMs; }

struct Mean {
  double compute_ms = 0;
  double transfer_ms = 0;
  double waiting_ms = 0;
};

Mean mean(const systems::ReplayResult& result) {
  Mean sum;
  for (const systems::RankTimes& rank : result.ranks) {
    sum.compute_ms += ms(rank.compute_ps);
    sum.transfer_ms += ms(rank.transfer_ps);
    sum.waiting_ms += ms(rank.waiting_ps);
  }
  const auto ranks = static_cast<double>(result.ranks.size());
  return {sum.compute_ms / ranks, sum.transfer_ms / ranks, sum.waiting_ms / ranks};
}

std::size_t shown(const systems::ReplayResult& result) {
  return std::min(result.links.size(), kShownLinks);
}

const systems::RankTimes& straggler(const systems::ReplayResult& result) {
  return result.ranks[static_cast<std::size_t>(result.straggler)];
}

}  // namespace

SystemReplay replay_on(const System& system, std::int64_t ranks_per_package,
                       const std::filesystem::path& dir, const std::filesystem::path& trace) {
  std::vector<traces::ChakraTrace> traces;
  for (const std::filesystem::path& file : traces::chakra_files(dir)) {
    traces.push_back(traces::read_chakra(file));
  }
  const traces::ChakraGraphs read = traces::rank_graphs(traces, {});
  traces.clear();
  traces.shrink_to_fit();
  SystemReplay out = {system.name(), systems::replay(system, ranks_per_package, read.graphs,
                                                     {dir.string(), !trace.empty()})};
  if (!trace.empty()) {
    write_replay_trace(trace, system.name(), read.graphs, out.result);
  }
  return out;
}

ProcessCost process_cost(double wall_s) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return {wall_s, static_cast<double>(usage.ru_maxrss) / kKibPerMb};
}

nlohmann::ordered_json to_json(const SystemReplay& replay, const ProcessCost& cost) {
  const systems::ReplayResult& result = replay.result;
  const Mean per_rank = mean(result);
  nlohmann::ordered_json out;
  out["system"] = replay.system;
  out["ranks"] = result.ranks.size();
  out["nodes"] = result.nodes;
  out["simulated_ms"] = ms(result.end_ps);
  out["wall_s"] = cost.wall_s;
  out["peak_mb"] = cost.peak_mb;
  out["mean_rank"] = {{"compute_ms", per_rank.compute_ms},
                      {"transfer_ms", per_rank.transfer_ms},
                      {"waiting_ms", per_rank.waiting_ms}};
  out["straggler"] = {{"rank", result.straggler},
                      {"awaited_rank_ms", ms(straggler(result).awaited_ps)}};
  out["hot_links"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < shown(result); ++i) {
    out["hot_links"].push_back({{"link", result.links[i].name},
                                {"gb", result.links[i].bytes / 1e9},
                                {"utilisation", result.links[i].utilisation}});
  }
  return out;
}

std::string to_text(const SystemReplay& replay, const ProcessCost& cost) {
  const systems::ReplayResult& result = replay.result;
  const Mean per_rank = mean(result);
  std::ostringstream out;
  out << result.ranks.size() << " ranks, " << result.nodes << " nodes on " << replay.system << ": "
      << ms(result.end_ps) << " ms (replayed in " << cost.wall_s << " s, " << cost.peak_mb
      << " MB)\n"
      << "  mean rank  compute " << per_rank.compute_ms << " ms, transfer " << per_rank.transfer_ms
      << " ms, waiting " << per_rank.waiting_ms << " ms\n"
      << "  straggler  rank " << result.straggler << ", others waited "
      << ms(straggler(result).awaited_ps) << " ms for it\n";
  for (std::size_t i = 0; i < shown(result); ++i) {
    out << "  " << result.links[i].name << "  " << result.links[i].bytes / 1e9 << " GB, "
        << 100 * result.links[i].utilisation << " %\n";
  }
  return out.str();
}

}  // namespace reticle::study
