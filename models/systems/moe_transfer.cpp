#include "models/systems/moe_transfer.h"

#include <cmath>
#include <string>

#include "models/systems/low_latency.h"
#include "models/systems/normal_transfer.h"
#include "schema/errors.h"
#include "schema/scope.h"
#include "sim/fabric/picoseconds.h"

namespace reticle::systems {
namespace {

constexpr std::int64_t kBitsPerByte = 8;

struct Format {
  std::int64_t bits;
  bool scaled;
};

Format format(Dtype dtype) {
  switch (dtype) {
    case DTYPE_FLOAT32:
      return {32, false};
    case DTYPE_BFLOAT16:
    case DTYPE_FLOAT16:
      return {16, false};
    case DTYPE_FP8:
    case DTYPE_FP8_BLOCK:
    case DTYPE_INT8:
      return {8, true};
    case DTYPE_INT4:
    case DTYPE_NVFP4:
    case DTYPE_MXFP4:
      return {4, true};
    default:
      throw UsageError("dtype: a transfer needs a payload type");
  }
}

}  // namespace

void check_moe_transfer(const MoeTransfer& op) {
  if (op.experts() % op.ranks() != 0) {
    throw UsageError("experts=" + std::to_string(op.experts()) +
                     ": do not divide over ranks=" + std::to_string(op.ranks()));
  }
  if (op.topk() > op.experts()) {
    throw UsageError("topk=" + std::to_string(op.topk()) +
                     ": more than experts=" + std::to_string(op.experts()));
  }
}

std::int64_t low_latency_start_ps(const fabric::Topology& topology, const Transfers& transfers) {
  const std::vector<fabric::PeerGroup> peers = topology.peers();
  const bool leaves_node = !peers.empty() && beyond_node(topology.tier(peers.back().tier).scope());
  return fabric::picoseconds(transfers.start() + (leaves_node ? transfers.network_start() : 0));
}

double widest_share(const fabric::Topology& topology) {
  const std::vector<fabric::PeerGroup> peers = topology.peers();
  if (peers.size() < 2) {
    return 1;
  }
  std::int64_t widest = peers.back().peers;
  for (std::size_t i = 0; i + 1 < peers.size(); ++i) {
    widest += beyond_node(topology.tier(peers[i].tier).scope()) ? peers[i].peers : 0;
  }
  return static_cast<double>(widest) / static_cast<double>(topology.placement().ranks);
}

RowBytes row_bytes(std::int64_t hidden, Dtype dtype, const Transfers& transfers) {
  const Format f = format(dtype);
  if (hidden * f.bits % kBitsPerByte != 0) {
    throw UsageError("hidden=" + std::to_string(hidden) + ": a row is not a whole number of bytes");
  }
  RowBytes row;
  const std::int64_t payload = hidden * f.bits / kBitsPerByte;
  row.payload = static_cast<double>(payload);
  if (f.scaled) {
    const std::int64_t group = transfers.scale_group() == 0 ? hidden : transfers.scale_group();
    const std::int64_t scales = (hidden + group - 1) / group;
    row.scales = static_cast<double>(scales) * transfers.scale_bytes();
  }
  const double alignment = transfers.row_alignment();
  row.wire = std::ceil((row.data() + transfers.row_header()) / alignment) * alignment;
  return row;
}

MoeTransferCost moe_transfer(const fabric::Topology& topology, const Transfers& transfers,
                             const MoeTransfer& op, Direction direction, std::int64_t device_sms) {
  check_moe_transfer(op);
  const RowBytes row = row_bytes(op.hidden(), op.dtype(), transfers);
  const bool normal = op.mode() == TRANSFER_MODE_NORMAL;
  if (normal && !transfers.has_dma()) {
    return normal_transfer(topology, transfers, op, row, direction, device_sms);
  }
  MoeTransferCost out;
  out.row = row;
  out.rows = static_cast<double>(op.tokens_per_rank()) * static_cast<double>(op.topk());
  out.local_rows = out.rows / static_cast<double>(op.ranks());
  out.network = push_to_all(topology, out.local_rows * out.row.wire);
  out.network.start_ps = normal ? fabric::picoseconds(transfers.dma().start())
                                : low_latency_start_ps(topology, transfers);
  out.network.barrier_ps = barrier_ps(topology, transfers.barriers());
  if (normal) {
    return out;
  }
  add_low_latency(
      out.network,
      low_latency_work(transfers, op, row, direction, out.rows, widest_share(topology), device_sms),
      device_sms);
  return out;
}

}  // namespace reticle::systems
