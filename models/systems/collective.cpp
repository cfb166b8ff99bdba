#include "models/systems/collective.h"

#include "models/systems/all_reduce.h"
#include "models/systems/moe_transfer.h"
#include "schema/errors.h"

namespace reticle::systems {
namespace {

constexpr double kPicosecondsPerMicrosecond = 1e6;
constexpr double kBytesPerPicosecondInGb = 1e3;  // 1 B/ps = 1000 GB/s

fabric::Topology topology(const System& system, std::int64_t per_package, std::int64_t ranks) {
  return {system, machine(system, per_package, ranks).placement(), fabric::Grouping::kOneForAll};
}

// `algorithm` and `network` are filled in; bytes as the two bandwidths count them.
void finish(CollectiveEstimate& out, double alg_bytes, double bus_bytes, const CoreWork& work) {
  const std::int64_t ps = out.network.total_ps() + work.time_ps;
  out.time_us = static_cast<double>(ps) / kPicosecondsPerMicrosecond;
  out.algbw_gb_per_s = alg_bytes / static_cast<double>(ps) * kBytesPerPicosecondInGb;
  out.busbw_gb_per_s = bus_bytes / static_cast<double>(ps) * kBytesPerPicosecondInGb;
  out.bound_by = work.time_ps > out.network.total_ps() ? work.bound_by : out.network.bound_by();
}

CollectiveEstimate estimate(const System& system, std::int64_t per_package, const Collective& op,
                            const CoreWork& work) {
  if (op.placement() != "packed") {
    throw UsageError("placement=" + op.placement() + ": not yet (packed is modelled)");
  }
  const AllReduceCost cost =
      all_reduce(topology(system, per_package, op.ranks()), static_cast<double>(op.bytes()));
  CollectiveEstimate out;
  out.algorithm = cost.algorithm;
  out.network = cost.network;
  const auto bytes = static_cast<double>(op.bytes());
  const auto ranks = static_cast<double>(op.ranks());
  finish(out, bytes, bytes * 2 * (ranks - 1) / ranks, work);
  return out;
}

CollectiveEstimate estimate(const System& system, std::int64_t per_package,
                            const Transfers& transfers, const MoeTransfer& op,
                            const CoreWork& work) {
  const MoeTransferCost cost =
      moe_transfer(topology(system, per_package, op.ranks()), transfers, op);
  CollectiveEstimate out;
  out.algorithm = "push";
  out.network = cost.network;
  const double data = cost.row.data();
  finish(out, cost.rows * data, (cost.rows - cost.local_rows) * data, work);
  return out;
}

std::string name_of(const CollectiveOperator& op) {
  const auto* oneof = CollectiveOperator::descriptor()->FindOneofByName("op");
  const auto* field = op.GetReflection()->GetOneofFieldDescriptor(op, oneof);
  return field == nullptr ? "(none)" : field->name();
}

}  // namespace

CollectiveEstimate collective(const System& system, std::int64_t ranks_per_package,
                              const Software& software, const CollectiveOperator& op,
                              const CoreWork& core_work) {
  switch (op.op_case()) {
    case CollectiveOperator::kAllReduce:
      return estimate(system, ranks_per_package, op.all_reduce(), core_work);
    case CollectiveOperator::kMoeDispatch:
      return estimate(system, ranks_per_package, software.transfers(), op.moe_dispatch(),
                      core_work);
    case CollectiveOperator::kMoeCombine:
      return estimate(system, ranks_per_package, software.transfers(), op.moe_combine(), core_work);
    default:
      throw UsageError("op " + name_of(op) +
                       ": not yet (all_reduce, moe_dispatch and moe_combine are modelled)");
  }
}

}  // namespace reticle::systems
