#include "study/kernel/collective_study.h"

#include <vector>

#include "models/kernels/kernel_key.h"
#include "models/kernels/work.h"
#include "schema/config/assign.h"
#include "study/kernel/kernel_study.h"
#include "study/kernel/transfer_device.h"
#include "workloads/llm/transfer_ops.h"

namespace reticle::study {

systems::CoreWork core_work(Simulator& rank_chip, const CollectiveOperator& op) {
  systems::CoreWork work;
  std::vector<llm::LabelledOperator> ops;
  if (op.has_moe_dispatch()) {
    ops = llm::send_operators(op.moe_dispatch(), rank_chip.software().transfers());
  } else if (op.has_moe_combine()) {
    ops = llm::receive_operators(op.moe_combine(), rank_chip.software().transfers());
  }
  L2State bench;
  bench.set_start(L2_START_BENCH);
  for (const llm::LabelledOperator& step : ops) {
    const DemandVector demand = rank_chip.demand_alone(step.op, bench);
    work.time_ps += demand.time_ps();
    work.bound_by = resource_name(demand.bound_by());
  }
  if (!ops.empty()) {  // the fused transfer kernel is launched once
    work.time_ps += launch_ps(rank_chip.software(), 1);
  }
  return work;
}

namespace {

// The same with what the transfer's own kernel adds: its sending hides behind the wire.
systems::CoreWork core_work_beside(Simulator& rank_chip, const CollectiveOperator& op,
                                   const systems::NetworkCost& network) {
  systems::CoreWork work = core_work(rank_chip, op);
  const Software& software = rank_chip.software();
  const Chip& chip = rank_chip.chip();
  const auto device =
      transfer_device(chip, kernels::all_cores(chip).vector(), software.transfers(), op, network);
  if (device) {
    work.time_ps += device->time_ps() + launch_ps(software, 1);
    work.bound_by = resource_name(device->demand.bound_by());
  }
  return work;
}

}  // namespace

CollectiveResult collective_result(const System& system, std::int64_t ranks_per_package,
                                   Simulator& rank_chip, const CollectiveOperator& op) {
  const Software& software = rank_chip.software();
  const systems::CollectiveEstimate alone =
      systems::collective(system, ranks_per_package, software, op);
  const systems::CollectiveEstimate estimate =
      systems::with_core_work(alone, core_work_beside(rank_chip, op, alone.network));
  CollectiveResult result;
  result.set_system(system.name());
  result.set_op(config::op_name(op));
  result.set_shape(kernels::shape_text(op));
  result.set_time_us(estimate.time_us);
  result.set_algbw_gb_per_s(estimate.algbw_gb_per_s);
  result.set_busbw_gb_per_s(estimate.busbw_gb_per_s);
  result.set_bound_by(estimate.bound_by);
  return result;
}

}  // namespace reticle::study
