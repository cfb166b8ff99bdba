#include "models/systems/collective.h"

#include <algorithm>
#include <utility>

#include "models/systems/expert_load.h"
#include "models/systems/moe_transfer.h"
#include "models/systems/plan.h"
#include "models/systems/rank_transfer.h"
#include "models/systems/uneven.h"
#include "schema/errors.h"

namespace reticle::systems {
namespace {

constexpr double kPicosecondsPerMicrosecond = 1e6;
constexpr double kBytesPerPicosecondInGb = 1e3;  // 1 B/ps = 1000 GB/s

fabric::Topology topology(const System& system, std::int64_t per_package, std::int64_t ranks,
                          const std::string& how = "packed") {
  fabric::Placement placement = placed(system, per_package, ranks, how);
  placement.dies.clear();  // as if nothing were missing
  return {system, placement, fabric::Grouping::kOneForAll};
}

constexpr std::uint64_t kSeed = 1;  // of drawn expert loads

fabric::Topology every_rank(const System& system, std::int64_t per_package, std::int64_t ranks) {
  return {system, machine(system, per_package, ranks).placement(), fabric::Grouping::kEveryRank};
}

void replace_wire(NetworkCost& network, const Uneven& uneven) {
  network.wire_ps = uneven.finish_ps;
  network.bound_resource = uneven.bound_resource;
}

// `algorithm` and `network` are filled in; bytes as the two bandwidths count them.
CollectiveEstimate finish(CollectiveEstimate out, double alg_bytes, double bus_bytes,
                          const CoreWork& work) {
  out.alg_bytes = alg_bytes;
  out.bus_bytes = bus_bytes;
  return with_core_work(std::move(out), work);
}

// nccl-tests' bus bandwidth factors: what a rank's link carries of the buffer.
double bus_factor(CommType comm, double ranks) {
  switch (comm) {
    case CommType::kAllReduce:
      return 2 * (ranks - 1) / ranks;
    case CommType::kSendReceive:
      return 1;
    default:
      return (ranks - 1) / ranks;
  }
}

CollectiveEstimate estimate(const System& system, std::int64_t per_package, CommType comm,
                            const Collective& op, const CoreWork& work, std::int64_t device_sms) {
  const auto bytes = static_cast<double>(op.bytes());
  const CollectivePlan plan =
      quickest(system, topology(system, per_package, op.ranks(), op.placement()), comm, bytes);
  CollectiveEstimate out;
  out.algorithm = plan.algorithm;
  out.network = plan.network;
  if (device_sms > 0) {  // a channel is a block, and a block has an SM to itself
    out.network.cores_share = std::min(1.0, plan.channels / static_cast<double>(device_sms));
  }
  if (fabric::uneven(system)) {
    replace_wire(out.network,
                 run_pairs(every_rank(system, per_package, op.ranks()), plan.pattern, plan.legs));
  }
  return finish(std::move(out), bytes, bytes * bus_factor(comm, static_cast<double>(op.ranks())),
                work);
}

CollectiveEstimate estimate(const System& system, std::int64_t per_package,
                            const Transfers& transfers, const MoeTransfer& op, Direction direction,
                            const CoreWork& work, std::int64_t device_sms) {
  const MoeTransferCost cost =
      moe_transfer(topology(system, per_package, op.ranks()), transfers, op, direction, device_sms);
  CollectiveEstimate out;
  out.algorithm = "push";
  out.network = cost.network;
  if (uneven_load(op) || fabric::uneven(system)) {
    const RankTransfers each = rank_transfers(
        every_rank(system, per_package, op.ranks()), transfers, op, direction,
        {rank_shares(op, kSeed), transfers.send_op() == SEND_OP_AIV_DIRECT, device_sms});
    out.network = each.ranks[each.slowest];
  }
  const double data = cost.row.data();
  return finish(std::move(out), cost.rows * data, (cost.rows - cost.local_rows) * data, work);
}

}  // namespace

CollectiveEstimate with_core_work(CollectiveEstimate out, const CoreWork& work) {
  const std::int64_t ps = out.network.total_ps() + work.time_ps;
  out.time_us = static_cast<double>(ps) / kPicosecondsPerMicrosecond;
  out.algbw_gb_per_s = out.alg_bytes / static_cast<double>(ps) * kBytesPerPicosecondInGb;
  out.busbw_gb_per_s = out.bus_bytes / static_cast<double>(ps) * kBytesPerPicosecondInGb;
  out.bound_by = work.time_ps > out.network.total_ps() ? work.bound_by : out.network.bound_by();
  return out;
}

CollectiveEstimate collective(const System& system, std::int64_t ranks_per_package,
                              const Software& software, const CollectiveOperator& op,
                              const CoreWork& core_work, std::int64_t device_sms) {
  switch (op.op_case()) {
    case CollectiveOperator::kAllReduce:
      return estimate(system, ranks_per_package, CommType::kAllReduce, op.all_reduce(), core_work,
                      device_sms);
    case CollectiveOperator::kAllGather:
      return estimate(system, ranks_per_package, CommType::kAllGather, op.all_gather(), core_work,
                      device_sms);
    case CollectiveOperator::kReduceScatter:
      return estimate(system, ranks_per_package, CommType::kReduceScatter, op.reduce_scatter(),
                      core_work, device_sms);
    case CollectiveOperator::kAllToAll:
      return estimate(system, ranks_per_package, CommType::kAllToAll, op.all_to_all(), core_work,
                      device_sms);
    case CollectiveOperator::kSendRecv:
      return estimate(system, ranks_per_package, CommType::kSendReceive, op.send_recv(), core_work,
                      device_sms);
    case CollectiveOperator::kMoeDispatch:
      return estimate(system, ranks_per_package, software.transfers(), op.moe_dispatch(),
                      Direction::kDispatch, core_work, device_sms);
    case CollectiveOperator::kMoeCombine:
      return estimate(system, ranks_per_package, software.transfers(), op.moe_combine(),
                      Direction::kCombine, core_work, device_sms);
    default:
      throw UsageError("no collective is named");
  }
}

}  // namespace reticle::systems
