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
    work.time_ps +=
        launch_ps(rank_chip.software(), 1, kernels::all_cores(rank_chip.chip()).matrix());
  }
  return work;
}

namespace {

double us(std::int64_t ps) { return static_cast<double>(ps) * 1e-6; }

// The same with what the transfer's own kernel adds: its sending hides behind the wire.
systems::CoreWork core_work_beside(Simulator& rank_chip, const CollectiveOperator& op,
                                   const systems::NetworkCost& network) {
  systems::CoreWork work = core_work(rank_chip, op);
  const Software& software = rank_chip.software();
  const Chip& chip = rank_chip.chip();
  const auto device =
      transfer_device(chip, kernels::all_cores(chip).vector(), software.transfers(), op, network);
  if (device) {
    work.time_ps += device->time_ps() + launch_ps(software, 1, kernels::all_cores(chip).matrix());
    work.bound_by = resource_name(device->demand.bound_by());
  }
  return work;
}

}  // namespace

CollectiveResult collective_result(const System& system, std::int64_t ranks_per_package,
                                   Simulator& rank_chip, const CollectiveOperator& op) {
  const Software& software = rank_chip.software();
  const systems::CollectiveEstimate alone = systems::collective(
      system, ranks_per_package, software, op, {}, kernels::all_cores(rank_chip.chip()).matrix());
  const systems::CoreWork work = core_work_beside(rank_chip, op, alone.network);
  const systems::CollectiveEstimate estimate = systems::with_core_work(alone, work);
  CollectiveResult result;
  result.set_system(system.name());
  result.set_op(config::op_name(op));
  result.set_shape(kernels::shape_text(op));
  result.set_time_us(estimate.time_us);
  result.set_algbw_gb_per_s(estimate.algbw_gb_per_s);
  result.set_busbw_gb_per_s(estimate.busbw_gb_per_s);
  result.set_bound_by(estimate.bound_by);
  result.set_algorithm(estimate.algorithm);
  const systems::NetworkCost& network = estimate.network;
  result.set_hot_link(network.bound_resource);
  result.set_start_us(us(network.start_ps));
  result.set_transfer_us(us(network.wire_ps));
  result.set_latency_us(us(network.latency_ps + network.barrier_ps));
  result.set_cores_us(us(network.receive_ps + work.time_ps));
  return result;
}

}  // namespace reticle::study
