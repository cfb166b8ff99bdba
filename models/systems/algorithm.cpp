#include "models/systems/algorithm.h"

#include <algorithm>

namespace reticle::systems {
namespace {

double ratio(std::int64_t a, std::int64_t b) {
  return static_cast<double>(a) / static_cast<double>(b);
}

class Ways {
 public:
  Ways(const fabric::Topology& topology, CommType comm, double bytes)
      : topology_(topology),
        comm_(comm),
        bytes_(bytes),
        ranks_(topology.placement().ranks),
        local_(std::min(ranks_, topology.placement().ranks_per_node)),
        nodes_((ranks_ + local_ - 1) / local_) {}

  std::vector<Algorithm> all() const {
    switch (comm_) {
      case CommType::kAllToAll:
        return {direct(bytes_ / count(), 1)};
      case CommType::kAllGather:
      case CommType::kReduceScatter:
        return with_hierarchy({direct(bytes_ / count(), 1), ring(1)}, 1);
      case CommType::kAllReduce:
        return all_reduce();
      case CommType::kSendReceive:
        return {neighbour()};
      case CommType::kBarrier:
        return {direct(0, 1)};
    }
    return {};
  }

 private:
  double count() const { return static_cast<double>(ranks_); }

  std::vector<Algorithm> all_reduce() const {
    Algorithm one_shot = direct(bytes_, 1);
    one_shot.name = "one_shot";
    std::vector<Algorithm> out =
        with_hierarchy({one_shot, direct(2 * bytes_ / count(), 2), ring(2)}, 2);
    if (nodes_ > 1) {
      out.push_back(tree());
    } else if (const auto tier = reducing_tier()) {
      out.push_back(in_switch(*tier));
    }
    return out;
  }

  std::vector<Algorithm> with_hierarchy(std::vector<Algorithm> out, std::int64_t rounds) const {
    if (nodes_ > 1 && local_ > 1) {
      out.push_back(hierarchical(rounds));
    }
    return out;
  }

  Algorithm direct(double payload, std::int64_t rounds) const {
    Algorithm out{"direct",
                  Pattern::kAll,
                  {},
                  no_hops(),
                  payload / static_cast<double>(rounds),
                  static_cast<double>(rounds * (ranks_ - 1)),
                  false};
    for (const fabric::PeerGroup& group : topology_.peers()) {
      out.legs.push_back({group.tier, payload, static_cast<double>(group.peers), std::nullopt});
    }
    if (!out.legs.empty()) {
      out.hops[out.legs.back().tier] = rounds;
    }
    return out;
  }

  // `rounds` times n-1 steps of a chunk; the slowest chunk skips the innermost edge.
  Algorithm ring(std::int64_t rounds) const {
    const std::vector<std::int64_t> edges = edges_of(ranks_, true);
    const double sent = static_cast<double>(rounds) * ratio(ranks_ - 1, ranks_) * bytes_;
    Algorithm out{"ring",    Pattern::kNext,   {},
                  no_hops(), bytes_ / count(), static_cast<double>(rounds * (ranks_ - 1)),
                  false};
    bool innermost = true;
    for (std::size_t tier = 0; tier < edges.size(); ++tier) {
      if (edges[tier] > 0) {
        out.legs.push_back({tier, sent * ratio(edges[tier], ranks_), 1, std::nullopt});
        out.hops[tier] = rounds * (edges[tier] - (innermost ? 1 : 0));
        innermost = false;
      }
    }
    return out;
  }

  // Ring in each node, and over nodes between ranks of the same place (one rail each).
  Algorithm hierarchical(std::int64_t rounds) const {
    const double each = static_cast<double>(rounds) * bytes_;
    Algorithm out{"hierarchical", Pattern::kNext,   {},
                  no_hops(),      bytes_ / count(), static_cast<double>(rounds * (ranks_ - 1)),
                  false};
    add_chain(out, each * ratio(local_ - 1, local_), rounds);
    out.legs.push_back({outermost(), each / static_cast<double>(local_) * ratio(nodes_ - 1, nodes_),
                        1, std::nullopt});
    out.hops[outermost()] = rounds * (nodes_ - 1);
    return out;
  }

  Algorithm tree() const {
    Algorithm out{"tree", Pattern::kNext, {}, no_hops(), bytes_, 2, false};
    add_chain(out, 2 * bytes_ * ratio(local_ - 1, local_), 2);
    out.legs.push_back({outermost(),
                        2 * bytes_ * ratio(nodes_ - 1, nodes_) / static_cast<double>(local_), 1,
                        std::nullopt});
    std::int64_t depth = 0;
    while ((std::int64_t{1} << depth) < nodes_) {
      ++depth;
    }
    out.hops[outermost()] = 2 * depth;
    return out;
  }

  // Reduced shards are read through the switches (the buffer out, a shard in), then multicast (a
  // shard out, the buffer in): each way (1 + 1/n) of the buffer.
  Algorithm in_switch(std::size_t tier) const {
    Algorithm out{"in_switch", Pattern::kNext, {}, no_hops(), bytes_ / count(), 2, true};
    out.legs.push_back(
        {tier, bytes_ * (1 + 1 / count()), 1, topology_.tier(tier).in_switch_reduction()});
    out.hops[tier] = 2;
    return out;
  }

  // Rank r sends to r + 1: the slowest pair is the one over the widest tier.
  Algorithm neighbour() const {
    const std::size_t tier = topology_.peers().back().tier;
    Algorithm out{"direct", Pattern::kNext, {{tier, bytes_, 1, std::nullopt}}, no_hops(), bytes_,
                  1,        false};
    out.hops[tier] = 1;
    return out;
  }

  // What every rank passes to its neighbour in the node, spread over the tiers of the chain.
  void add_chain(Algorithm& out, double sent, std::int64_t rounds) const {
    const std::vector<std::int64_t> edges = edges_of(local_, false);
    for (std::size_t tier = 0; tier < edges.size(); ++tier) {
      if (edges[tier] > 0) {
        out.legs.push_back({tier, sent * ratio(edges[tier], local_ - 1), 1, std::nullopt});
        out.hops[tier] += rounds * edges[tier];
      }
    }
  }

  std::vector<std::int64_t> edges_of(std::int64_t ranks, bool closed) const {
    std::vector<std::int64_t> edges(topology_.tiers());
    for (std::int64_t rank = 0; rank < (closed ? ranks : ranks - 1); ++rank) {
      ++edges[topology_.tier_between(rank, (rank + 1) % ranks)];
    }
    return edges;
  }

  std::vector<std::int64_t> no_hops() const {
    return std::vector<std::int64_t>(topology_.tiers(), 0);
  }

  std::size_t outermost() const { return topology_.peers().back().tier; }

  std::optional<std::size_t> reducing_tier() const {
    for (const fabric::PeerGroup& group : topology_.peers()) {
      if (topology_.tier(group.tier).has_in_switch_reduction() && group.peers == ranks_ - 1) {
        return group.tier;
      }
    }
    return std::nullopt;
  }

  const fabric::Topology& topology_;
  CommType comm_;
  double bytes_;
  std::int64_t ranks_;
  std::int64_t local_;
  std::int64_t nodes_;
};

}  // namespace

std::vector<Algorithm> algorithms(const fabric::Topology& topology, CommType comm, double bytes) {
  std::vector<Algorithm> all = Ways(topology, comm, bytes).all();
  for (Algorithm& algorithm : all) {
    algorithm.buffer = bytes;
  }
  return all;
}

}  // namespace reticle::systems
