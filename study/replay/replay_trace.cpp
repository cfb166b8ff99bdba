#include "study/replay/replay_trace.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "sim/trace/recorder.h"

namespace reticle::study {
namespace {

class ReplayTrace {
 public:
  ReplayTrace(const std::filesystem::path& path, const std::string& system,
              const RankGraphs& graphs)
      : graphs_(graphs), out_(path, {"reticle " RETICLE_VERSION, {{"system", system}}}) {
    for (std::uint64_t r = 0; r < graphs.ranks.size(); ++r) {
      Rank rank;
      rank.track =
          out_.add_track(trace::kNoTrack, "rank " + std::to_string(r), rtrace::TRACK_KIND_RANK, r);
      rank.streams = {{out_.add_track(rank.track, "compute", rtrace::TRACK_KIND_STREAM, 0), 0}};
      rank.slices.resize(graphs.ranks[r].nodes.size());
      ranks_.push_back(std::move(rank));
    }
  }

  void write(std::vector<systems::NodeSpan> spans) {
    std::stable_sort(spans.begin(), spans.end(),
                     [](const auto& a, const auto& b) { return a.start_ps < b.start_ps; });
    for (const systems::NodeSpan& span : spans) {
      slice(span);
    }
    for (std::size_t r = 0; r < ranks_.size(); ++r) {
      flows(graphs_.ranks[r], ranks_[r]);
    }
    for (const auto& [when, members] : meetings_) {
      meet(members);
    }
    out_.finish();
  }

 private:
  struct Stream {
    trace::TrackId track;
    std::int64_t free_ps = 0;
  };
  struct Rank {
    trace::TrackId track;
    std::vector<Stream> streams;          // compute, then communication
    std::vector<trace::SliceRef> slices;  // by node; track 0: it has none
  };

  // The first stream of communication that is free.
  Stream& communication(Rank& rank, std::int64_t from_ps) {
    for (std::size_t i = 1; i < rank.streams.size(); ++i) {
      if (rank.streams[i].free_ps <= from_ps) {
        return rank.streams[i];
      }
    }
    const auto number = rank.streams.size();
    rank.streams.push_back({out_.add_track(rank.track, "communication " + std::to_string(number),
                                           rtrace::TRACK_KIND_STREAM, number),
                            0});
    return rank.streams.back();
  }

  void slice(const systems::NodeSpan& span) {
    const GraphNode& node = graphs_.ranks[span.rank].nodes[span.node];
    Rank& rank = ranks_[span.rank];
    const trace::StringId name = out_.string(graphs_.names[node.name]);
    if (node.work == Work::kCompute) {
      if (node.duration_ps > 0) {
        Stream& stream = rank.streams[0];
        const std::int64_t start = std::max(span.end_ps - node.duration_ps, stream.free_ps);
        rank.slices[span.node] = out_.slice(stream.track, name, start, span.end_ps - start);
        stream.free_ps = span.end_ps;
      }
      return;
    }
    Stream& stream = communication(rank, span.start_ps);
    rank.slices[span.node] =
        out_.slice(stream.track, name, span.start_ps, span.end_ps - span.start_ps,
                   {{out_.string("payload_bytes"), node.bytes}});
    stream.free_ps = span.end_ps;
    if (node.work == Work::kCollective) {
      meetings_[{node.group, span.start_ps, span.end_ps}].push_back(span);
    }
  }

  void meet(const std::vector<systems::NodeSpan>& members) {
    const auto last =
        std::max_element(members.begin(), members.end(),
                         [](const auto& a, const auto& b) { return a.ready_ps < b.ready_ps; });
    const RankGraph& graph = graphs_.ranks[last->rank];
    const GraphNode& node = graph.nodes[last->node];
    for (std::uint32_t d = 0; d < node.dependencies; ++d) {
      const std::uint32_t dependency = graph.dependencies[node.first_dependency + d];
      const trace::SliceRef& before = ranks_[last->rank].slices[dependency];
      for (const systems::NodeSpan& member : members) {
        if (before.track.value != 0 && member.rank != last->rank) {
          out_.flow(before, ranks_[member.rank].slices[member.node]);
        }
      }
    }
  }

  void flows(const RankGraph& graph, const Rank& rank) {
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      const GraphNode& node = graph.nodes[i];
      for (std::uint32_t d = 0; d < node.dependencies; ++d) {
        const std::uint32_t before = graph.dependencies[node.first_dependency + d];
        if (rank.slices[before].track.value != 0 && rank.slices[i].track.value != 0) {
          out_.flow(rank.slices[before], rank.slices[i]);
        }
      }
    }
  }

  const RankGraphs& graphs_;
  trace::Recorder out_;
  std::vector<Rank> ranks_;
  // Of collectives, by group, start and end.
  std::map<std::tuple<std::uint32_t, std::int64_t, std::int64_t>, std::vector<systems::NodeSpan>>
      meetings_;
};

}  // namespace

void write_replay_trace(const std::filesystem::path& path, const std::string& system,
                        const RankGraphs& graphs, const systems::ReplayResult& result) {
  ReplayTrace(path, system, graphs).write(result.spans);
}

}  // namespace reticle::study
