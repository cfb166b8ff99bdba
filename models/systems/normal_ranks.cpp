#include "models/systems/normal_ranks.h"

#include <algorithm>
#include <map>
#include <utility>

#include "models/systems/normal_work.h"
#include "models/systems/routing.h"
#include "sim/fabric/symmetry.h"

namespace reticle::systems {
namespace {

std::size_t slot(std::int64_t index) { return static_cast<std::size_t>(index); }

class NormalRanks {
 public:
  NormalRanks(const fabric::Topology& topology, const Transfers& transfers, const MoeTransfer& op,
              Direction direction, const RankShares& shares)
      : topology_(topology),
        transfers_(transfers),
        op_(op),
        direction_(direction),
        shares_(shares),
        row_(row_bytes(op.hidden(), op.dtype(), transfers)),
        ranks_(topology.placement().ranks),
        needed_(touched(op, topology.placement(), shares.of_rows)),
        members_(needed_.nodes.size()),
        forwards_(slot(ranks_), 0),
        handled_(slot(ranks_), 0) {
    for (std::int64_t rank = 0; rank < ranks_; ++rank) {
      place_.push_back(static_cast<std::int64_t>(members_[node(rank)].size()));
      members_[node(rank)].push_back(rank);
    }
  }

  RankTransfers run() {
    out_.ranks.resize(slot(ranks_));
    out_.received_bytes.assign(slot(ranks_), 0);
    over_network();
    inside_nodes();
    flow();
    finish();
    return std::move(out_);
  }

 private:
  struct Hop {
    std::int64_t from;
    std::int64_t to;
  };

  std::size_t node(std::int64_t rank) const { return slot(topology_.placement().node(rank)); }
  double tokens() const { return static_cast<double>(op_.tokens_per_rank()); }

  // A dispatch's hop; a combine goes the other way.
  void add(std::int64_t from, std::int64_t to, double rows, bool in_node) {
    if (direction_ == Direction::kCombine) {
      std::swap(from, to);
    }
    const double payload = rows * row_.wire;
    const std::size_t index = topology_.tier_between(from, to);
    const Tier& tier = topology_.tier(index);
    fabric::FlowClass flow = topology_.flow(from, to, payload, 1, fabric::Access::kWrite);
    if (in_node) {
      const double peers = static_cast<double>(members_[node(from)].size() - 1);
      limit(flow, {index, payload, 1, queue_cap(transfers_, tier, peers)}, tier);
    }
    flows_.push_back(std::move(flow));
    hops_.push_back({from, to});
    out_.received_bytes[slot(to)] += payload;
    traffic_[{from, index}] += payload;
  }

  void over_network() {
    for (std::int64_t rank = 0; rank < ranks_; ++rank) {
      for (std::size_t other = 0; other < members_.size(); ++other) {
        if (other != node(rank) && !members_[other].empty()) {
          const std::int64_t forwarder =
              members_[other][slot(place_[slot(rank)]) % members_[other].size()];
          forwards_[slot(forwarder)] += 1;
          const double rows = tokens() * needed_.nodes[other];
          handled_[slot(rank)] += rows;
          add(rank, forwarder, rows, false);
        }
      }
    }
  }

  // A rank hands on its own tokens' rows and those of the ranks it forwards for.
  void inside_nodes() {
    std::vector<double> received(slot(ranks_), 0);
    for (std::int64_t rank = 0; rank < ranks_; ++rank) {
      for (const std::int64_t to : members_[node(rank)]) {
        const double rows = tokens() * needed_.ranks[slot(to)] * (1 + forwards_[slot(rank)]);
        handled_[slot(rank)] += rows;
        received[slot(to)] += rows;
        if (to != rank) {
          add(rank, to, rows, true);
        }
      }
    }
    for (std::int64_t rank = 0; rank < ranks_; ++rank) {
      const double network = tokens() * forwards_[slot(rank)] * needed_.nodes[node(rank)];
      handled_[slot(rank)] = std::max(handled_[slot(rank)], received[slot(rank)] + network);
    }
  }

  void flow() {
    const fabric::Outcome outcome = fabric::run_merged(topology_.resources(), flows_);
    out_.link_bytes.assign(topology_.resources().size(), 0);
    for (std::size_t i = 0; i < flows_.size(); ++i) {
      const std::int64_t sent = outcome.classes[i].finish_ps;
      NetworkCost& source = out_.ranks[slot(hops_[i].from)];
      NetworkCost& sink = out_.ranks[slot(hops_[i].to)];
      if (shares_.senders_wait && sent > source.wire_ps) {
        source.wire_ps = sent;
      }
      if (sent > sink.wire_ps) {
        const auto& bound = outcome.classes[i].bound;
        sink.wire_ps = sent;
        sink.bound_resource = bound ? topology_.resources()[*bound].name : "pair";
      }
      const std::size_t tier = topology_.tier_between(hops_[i].from, hops_[i].to);
      arrived_[hops_[i].to] = std::max(arrived_[hops_[i].to], sent + topology_.latency_ps(tier));
      for (const fabric::Use& use : flows_[i].uses) {
        out_.link_bytes[use.resource] += flows_[i].bytes;
      }
    }
  }

  void finish() {
    const NormalWork work = normal_work(transfers_, op_, row_, direction_, members_.size() > 1);
    for (const auto& [place, payload] : traffic_) {
      out_.ranks[slot(place.first)].tiers.push_back(traffic(topology_.tier(place.second), payload));
    }
    for (std::int64_t rank = 0; rank < ranks_; ++rank) {
      NetworkCost& cost = out_.ranks[slot(rank)];
      cost.start_ps = work.start_ps;
      cost.latency_ps = std::max<std::int64_t>(0, arrived_[rank] - cost.wire_ps) + work.last_row_ps;
      const std::int64_t moved = work.moved_ps(handled_[slot(rank)]);
      if (moved > cost.wire_ps) {
        cost.wire_ps = moved;
        cost.bound_resource = "sms";
      }
      cost.cores_share = work.cores_share(shares_.device_sms);
      if (cost.total_ps() > out_.ranks[out_.slowest].total_ps()) {
        out_.slowest = slot(rank);
      }
    }
  }

  const fabric::Topology& topology_;
  const Transfers& transfers_;
  const MoeTransfer& op_;
  Direction direction_;
  const RankShares& shares_;
  RowBytes row_;
  std::int64_t ranks_;
  Touched needed_;
  std::vector<std::vector<std::int64_t>> members_;  // ranks of a node
  std::vector<std::int64_t> place_;                 // of a rank among its node's
  std::vector<double> forwards_;                    // ranks of other nodes that it forwards for
  std::vector<double> handled_;                     // rows that its SMs send or receive
  std::vector<fabric::FlowClass> flows_;
  std::vector<Hop> hops_;
  std::map<std::pair<std::int64_t, std::size_t>, double> traffic_;  // rank, tier
  std::map<std::int64_t, std::int64_t> arrived_;
  RankTransfers out_;
};

}  // namespace

RankTransfers normal_ranks(const fabric::Topology& every_rank, const Transfers& transfers,
                           const MoeTransfer& op, Direction direction, const RankShares& shares) {
  return NormalRanks(every_rank, transfers, op, direction, shares).run();
}

}  // namespace reticle::systems
