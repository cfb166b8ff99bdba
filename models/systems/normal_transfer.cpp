#include "models/systems/normal_transfer.h"

#include <algorithm>

#include "schema/errors.h"
#include "sim/fabric/picoseconds.h"

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
  const double rank = touch_probability(op.experts(), op.experts() / op.ranks(), op.topk());
  const double node = touch_probability(op.experts(), op.experts() / nodes, op.topk());
  RowsPerToken out;
  out.ranks = rank * static_cast<double>(placement.ranks);
  // In the sender's node directly, in each other node forwarded by the rank of its place: by
  // symmetry every rank forwards as much for others as others do for it.
  out.other_ranks = rank * static_cast<double>((local - 1) * nodes);
  out.nodes = node * static_cast<double>(nodes - 1);
  return out;
}

std::vector<Leg> legs(const fabric::Topology& topology, const RowsPerToken& rows, double bytes) {
  std::vector<Leg> out;
  double inside = 0;
  for (const fabric::PeerGroup& group : topology.peers()) {
    inside +=
        topology.tier(group.tier).scope() == SCOPE_SYSTEM ? 0 : static_cast<double>(group.peers);
  }
  for (const fabric::PeerGroup& group : topology.peers()) {
    const auto peers = static_cast<double>(group.peers);
    if (topology.tier(group.tier).scope() == SCOPE_SYSTEM) {
      out.push_back({group.tier, rows.nodes * bytes, 1, std::nullopt});
    } else {
      out.push_back({group.tier, rows.other_ranks * bytes / inside, peers, std::nullopt});
    }
  }
  return out;
}

}  // namespace

double touch_probability(std::int64_t experts, std::int64_t held, std::int64_t topk) {
  double missed = 1;
  for (std::int64_t drawn = 0; drawn < topk; ++drawn) {
    missed *= static_cast<double>(std::max<std::int64_t>(0, experts - held - drawn)) /
              static_cast<double>(experts - drawn);
  }
  return 1 - missed;
}

MoeTransferCost normal_transfer(const fabric::Topology& topology, const Transfers& transfers,
                                const MoeTransfer& op, const RowBytes& row, Direction direction,
                                std::int64_t device_sms) {
  if (!transfers.has_normal()) {
    throw UsageError("mode=normal: this software has no such mode; use mode=low_latency");
  }
  const NormalMode& normal = transfers.normal();
  const auto tokens = static_cast<double>(op.tokens_per_rank());
  const RowsPerToken rows = rows_per_token(topology.placement(), op);
  MoeTransferCost out;
  out.row = row;
  out.rows = tokens * rows.ranks;
  out.local_rows = tokens * rows.ranks / static_cast<double>(op.ranks());
  out.network = push(topology, legs(topology, rows, tokens * row.wire));
  const double sms = static_cast<double>(op.has_sms() ? op.sms() : std::int64_t{normal.sms()});
  const double handled = tokens * (rows.ranks + rows.nodes);
  const std::int64_t moved =
      fabric::picoseconds(handled * (normal.row_time() + row.wire / normal.sm_rate()) / sms);
  if (moved > out.network.wire_ps) {
    out.network.wire_ps = moved;
    out.network.bound_resource = "sms";
  }
  const double last_row =
      direction == Direction::kCombine ? row.wire / normal.combine_warp_rate() : 0;
  out.network.start_ps = fabric::picoseconds(
      normal.start() + (rows.nodes > 0 ? normal.notify() + transfers.network_start() : 0));
  out.network.latency_ps += fabric::picoseconds(last_row);
  out.network.cores_share =
      device_sms > 0 ? std::min(1.0, sms / static_cast<double>(device_sms)) : 0;
  return out;
}

}  // namespace reticle::systems
