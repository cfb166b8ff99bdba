#include "models/systems/normal_transfer.h"

#include <algorithm>

#include "models/systems/normal_work.h"
#include "models/systems/routing.h"
#include "schema/scope.h"

namespace reticle::systems {
namespace {

// Rows a rank handles for one of its tokens, in expectation.
struct RowsPerToken {
  double ranks = 0;        // copies delivered, the sender's own included
  double other_ranks = 0;  // of them, over the node's links
  double nodes = 0;        // sent over the network
};

RowsPerToken rows_per_token(const fabric::Placement& placement, const MoeTransfer& op) {
  const std::int64_t local = std::min(placement.ranks, placement.ranks_per_node);
  const std::int64_t nodes = placement.ranks / local;
  const auto held = [&](std::int64_t by) {
    return static_cast<double>(op.experts()) / static_cast<double>(by);
  };
  const double rank = touch_probability(op, held(op.ranks()));
  const double node = touch_probability(op, held(nodes));
  RowsPerToken out;
  out.ranks = rank * static_cast<double>(placement.ranks);
  // In the sender's node directly, in each other node forwarded by the rank of its place: by
  // symmetry every rank forwards as much for others as others do for it.
  out.other_ranks = rank * static_cast<double>((local - 1) * nodes);
  out.nodes = node * static_cast<double>(nodes - 1);
  return out;
}

std::vector<Leg> legs(const fabric::Topology& topology, const Transfers& transfers,
                      const RowsPerToken& rows, double bytes) {
  std::vector<Leg> out;
  double inside = 0;
  for (const fabric::PeerGroup& group : topology.peers()) {
    inside += beyond_node(topology.tier(group.tier).scope()) ? 0 : static_cast<double>(group.peers);
  }
  for (const fabric::PeerGroup& group : topology.peers()) {
    const auto peers = static_cast<double>(group.peers);
    const Tier& tier = topology.tier(group.tier);
    if (!beyond_node(tier.scope())) {
      out.push_back({group.tier, rows.other_ranks * bytes / inside, peers,
                     queue_cap(transfers, tier, peers)});
    } else if (group.tier == topology.network_tier()) {
      out.push_back({group.tier, rows.nodes * bytes, 1, std::nullopt});
    }
  }
  return out;
}

}  // namespace

MoeTransferCost normal_transfer(const fabric::Topology& topology, const Transfers& transfers,
                                const MoeTransfer& op, const RowBytes& row, Direction direction,
                                std::int64_t device_sms) {
  const auto tokens = static_cast<double>(op.tokens_per_rank());
  const RowsPerToken rows = rows_per_token(topology.placement(), op);
  const NormalWork work = normal_work(transfers, op, row, direction, rows.nodes > 0);
  MoeTransferCost out;
  out.row = row;
  out.rows = tokens * rows.ranks;
  out.local_rows = tokens * rows.ranks / static_cast<double>(op.ranks());
  out.network = push(topology, legs(topology, transfers, rows, tokens * row.wire));
  const std::int64_t moved = work.moved_ps(tokens * (rows.ranks + rows.nodes));
  if (moved > out.network.wire_ps) {
    out.network.wire_ps = moved;
    out.network.bound_resource = "sms";
  }
  out.network.start_ps = work.start_ps;
  out.network.latency_ps += work.last_row_ps;
  out.network.cores_share = work.cores_share(device_sms);
  return out;
}

}  // namespace reticle::systems
