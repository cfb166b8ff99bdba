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
    }
    if (const auto tier = reducing_tier()) {
      out.push_back(nodes_ > 1 ? in_switch_tree(*tier) : in_switch(*tier));
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
    const std::size_t network = topology_.network_tier();
    out.legs.push_back(
        {network, each / static_cast<double>(local_) * ratio(nodes_ - 1, nodes_), 1, std::nullopt});
    out.hops[network] = rounds * (nodes_ - 1);
    return out;
  }

  Algorithm tree() const {
    Algorithm out{"tree", Pattern::kNext, {}, no_hops(), bytes_, 2, false};
    add_chain(out, 2 * bytes_ * ratio(local_ - 1, local_), 2);
    add_trees(out);
    return out;
  }

  // Two binary trees carry half of the buffer each, and a node is inner in one of them (Sanders,
  // Speck and Träff, Parallel Computing 2009): up once and down to two children of the one, up to
  // its parent in the other. Two nodes send each other everything once.
  void add_trees(Algorithm& out) const {
    const std::size_t network = topology_.network_tier();
    const double times = nodes_ > 2 ? 2 : 1;
    out.legs.push_back({network, times * bytes_ / static_cast<double>(local_), 1, std::nullopt});
    std::int64_t depth = 0;
    while ((std::int64_t{1} << depth) < nodes_) {
      ++depth;
    }
    out.hops[network] = 2 * depth;
  }

  // Reduced shards are read through the switches (the buffer out, a shard in), then multicast (a
  // shard out, the buffer in): each way (1 + 1/n) of the buffer.
  Algorithm in_switch(std::size_t tier) const {
    const double each = bytes_ * (1 + 1 / count());
    Algorithm out{"in_switch", Pattern::kNext, {}, no_hops(), each, 2, true};
    out.legs.push_back({tier, each, 1, topology_.tier(tier).in_switch_reduction()});
    out.hops[tier] = 2;
    return out;
  }

  Algorithm in_switch_tree(std::size_t tier) const {
    Algorithm out{"in_switch_tree", Pattern::kNext, {}, no_hops(), 0, 2, true};
    const double each = bytes_ * (1 + 1 / static_cast<double>(local_));
    out.chunk = each;
    out.legs.push_back({tier, each, 1, topology_.tier(tier).in_switch_reduction()});
    out.hops[tier] = 2;
    add_trees(out);
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
      // From node to node a ring stays on a rail: it leaves one by the rank it entered the next by.
      const std::int64_t next = (rank + 1) % ranks;
      const bool within = topology_.placement().node(rank) == topology_.placement().node(next);
      ++edges[within ? topology_.tier_between(rank, next) : topology_.network_tier()];
    }
    return edges;
  }

  std::vector<std::int64_t> no_hops() const {
    return std::vector<std::int64_t>(topology_.tiers(), 0);
  }

  std::optional<std::size_t> reducing_tier() const {
    for (const fabric::PeerGroup& group : topology_.peers()) {
      if (topology_.tier(group.tier).has_in_switch_reduction() && group.peers == local_ - 1) {
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
