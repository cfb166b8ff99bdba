#include "models/systems/replay.h"

#include <algorithm>
#include <queue>
#include <tuple>

#include "models/systems/flights.h"
#include "models/systems/machine.h"
#include "models/systems/meetings.h"
#include "models/systems/rank_queue.h"
#include "schema/errors.h"

namespace reticle::systems {
namespace {

enum class EventKind { kComputeEnd, kWireStart, kMeetingEnd };

struct Event {
  std::int64_t at_ps;
  EventKind kind;
  std::uint32_t first;   // rank, or meeting
  std::uint32_t second;  // node
  bool operator>(const Event& other) const {
    return std::tie(at_ps, kind, first, second) >
           std::tie(other.at_ps, other.kind, other.first, other.second);
  }
};

class Replay {
 public:
  Replay(const System& system, const fabric::Topology& topology, const RankGraphs& graphs,
         const ReplayOptions& options)
      : graphs_(graphs),
        options_(options),
        meetings_(meetings(graphs, options.where)),
        plans_(system, topology),
        topology_(topology),
        flights_(topology, fabric::uneven(system)),
        arrived_(meetings_.all.size(), 0),
        transfers_(meetings_.all.size()),
        arrival_(meetings_.all.size()) {
    for (std::size_t m = 0; m < meetings_.all.size(); ++m) {
      arrival_[m].resize(meetings_.all[m].members.size(), 0);
    }
    for (std::uint32_t rank = 0; rank < graphs.ranks.size(); ++rank) {
      queues_.emplace_back(graphs.ranks[rank], rank, options.where);
      result_.nodes += static_cast<std::int64_t>(graphs.ranks[rank].nodes.size());
    }
    result_.ranks.resize(graphs.ranks.size());
  }

  ReplayResult run() {
    for (std::uint32_t rank = 0; rank < queues_.size(); ++rank) {
      drain(rank);
    }
    while (!events_.empty() || flights_.next_ps() != Flights::kNever) {
      now_ps_ =
          std::min(flights_.next_ps(), events_.empty() ? Flights::kNever : events_.top().at_ps);
      for (const std::size_t meeting : flights_.advance(now_ps_)) {
        events_.push({now_ps_ + transfers_[meeting]->latency_ps, EventKind::kMeetingEnd,
                      static_cast<std::uint32_t>(meeting), 0});
      }
      while (!events_.empty() && events_.top().at_ps <= now_ps_) {
        const Event event = events_.top();
        events_.pop();
        handle(event);
      }
      for (const std::uint32_t rank : woken_) {
        drain(rank);
      }
      woken_.clear();
    }
    finish();
    return std::move(result_);
  }

 private:
  void handle(const Event& event) {
    switch (event.kind) {
      case EventKind::kComputeEnd:
        queues_[event.first].compute_ended();
        end(event.first, event.second,
            now_ps_ - graphs_.ranks[event.first].nodes[event.second].duration_ps, now_ps_);
        break;
      case EventKind::kWireStart:
        flights_.start(event.first, transfers_[event.first], now_ps_);
        break;
      case EventKind::kMeetingEnd:
        meeting_ended(event.first);
        break;
    }
  }

  // Starts what has become ready on a rank; the compute stream takes one node at a time.
  void drain(std::uint32_t rank) {
    RankQueue& queue = queues_[rank];
    const std::vector<GraphNode>& nodes = graphs_.ranks[rank].nodes;
    for (const std::uint32_t node : queue.take_communication()) {
      arrive(rank, node);
    }
    if (const auto node = queue.start_compute()) {
      result_.ranks[rank].compute_ps += nodes[*node].duration_ps;
      events_.push({now_ps_ + nodes[*node].duration_ps, EventKind::kComputeEnd, rank, *node});
    }
  }

  void arrive(std::uint32_t rank, std::uint32_t node) {
    const std::uint32_t index = meetings_.of_node[rank][node];
    const Meeting& meeting = meetings_.all[index];
    const auto place = std::find_if(
        meeting.members.begin(), meeting.members.end(),
        [&](const NodeOfRank& member) { return member.rank == rank && member.node == node; });
    arrival_[index][static_cast<std::size_t>(place - meeting.members.begin())] = now_ps_;
    if (++arrived_[index] == meeting.members.size()) {
      begin(index, rank);
    }
  }

  void begin(std::uint32_t index, std::uint32_t last) {
    const Meeting& meeting = meetings_.all[index];
    for (std::size_t i = 0; i < meeting.members.size(); ++i) {
      const std::int64_t waited = now_ps_ - arrival_[index][i];
      result_.ranks[meeting.members[i].rank].waiting_ps += waited;
      result_.ranks[last].awaited_ps += waited;
    }
    transfers_[index] =
        meeting.work == Work::kCollective
            ? plans_.collective(meeting.comm, meeting.bytes, graphs_.groups[meeting.group])
            : plans_.message(meeting.bytes, static_cast<std::int32_t>(meeting.members[0].rank),
                             static_cast<std::int32_t>(meeting.members[1].rank));
    const GroupPlan& plan = *transfers_[index];
    begun_[index] = now_ps_;
    const bool flies = meeting.bytes > 0 && (!plan.legs.empty() || !plan.flows.empty());
    const std::int64_t after = plan.start_ps + (flies ? 0 : plan.latency_ps);
    events_.push(
        {now_ps_ + after, flies ? EventKind::kWireStart : EventKind::kMeetingEnd, index, 0});
  }

  void meeting_ended(std::uint32_t index) {
    const std::int64_t begun = begun_.at(index);
    begun_.erase(index);
    for (std::size_t i = 0; i < meetings_.all[index].members.size(); ++i) {
      const NodeOfRank& member = meetings_.all[index].members[i];
      result_.ranks[member.rank].transfer_ps += now_ps_ - begun;
      end(member.rank, member.node, arrival_[index][i], begun);
    }
    transfers_[index].reset();
  }

  void end(std::uint32_t rank, std::uint32_t node, std::int64_t ready_ps, std::int64_t start_ps) {
    const bool compute = graphs_.ranks[rank].nodes[node].work == Work::kCompute;
    if (options_.timeline) {
      result_.spans.push_back({rank, node, ready_ps, compute ? ready_ps : start_ps, now_ps_});
    }
    result_.ranks[rank].end_ps = now_ps_;
    queues_[rank].ended(node);
    woken_.push_back(rank);
  }

  void finish() {
    for (std::uint32_t rank = 0; rank < queues_.size(); ++rank) {
      queues_[rank].require_all_ended(options_.where);
      result_.end_ps = std::max(result_.end_ps, result_.ranks[rank].end_ps);
      if (result_.ranks[rank].awaited_ps >
          result_.ranks[static_cast<std::size_t>(result_.straggler)].awaited_ps) {
        result_.straggler = rank;
      }
    }
    const std::vector<fabric::Resource>& links = topology_.resources();
    for (std::size_t i = 0; i < links.size(); ++i) {
      if (flights_.bytes()[i] > 0) {
        const double possible = links[i].capacity * static_cast<double>(result_.end_ps) / 1e12;
        result_.links.push_back(
            {links[i].name, flights_.bytes()[i], flights_.bytes()[i] / possible});
      }
    }
    std::stable_sort(
        result_.links.begin(), result_.links.end(),
        [](const LinkUse& a, const LinkUse& b) { return a.utilisation > b.utilisation; });
  }

  const RankGraphs& graphs_;
  const ReplayOptions& options_;
  Meetings meetings_;
  GroupPlans plans_;
  const fabric::Topology& topology_;
  Flights flights_;
  std::vector<RankQueue> queues_;
  std::vector<std::size_t> arrived_;
  std::vector<std::shared_ptr<const GroupPlan>> transfers_;
  std::vector<std::vector<std::int64_t>> arrival_;  // [meeting][member]
  std::map<std::uint32_t, std::int64_t> begun_;     // meetings under way
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  std::vector<std::uint32_t> woken_;
  std::int64_t now_ps_ = 0;
  ReplayResult result_;
};

}  // namespace

ReplayResult replay(const System& system, std::int64_t ranks_per_package, const RankGraphs& graphs,
                    const ReplayOptions& options) {
  if (graphs.ranks.empty()) {
    throw InputError(options.where + ": no ranks");
  }
  const Machine used =
      machine(system, ranks_per_package, static_cast<std::int64_t>(graphs.ranks.size()));
  const fabric::Topology topology(system, used.placement(), fabric::Grouping::kEveryRank);
  return Replay(system, topology, graphs, options).run();
}

}  // namespace reticle::systems
