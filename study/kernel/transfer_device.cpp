#include "study/kernel/transfer_device.h"

#include "schema/errors.h"

namespace reticle::study {

std::optional<kernels::davinci::DeviceWork> transfer_device(const Chip& chip, std::int64_t cores,
                                                            const Transfers& transfers,
                                                            const CollectiveOperator& op,
                                                            const systems::NetworkCost& network,
                                                            double expert_rows) {
  const MoeTransfer& rows = op.has_moe_dispatch() ? op.moe_dispatch() : op.moe_combine();
  const bool moves_rows = op.has_moe_dispatch() || op.has_moe_combine();
  if (!moves_rows || rows.mode() == TRANSFER_MODE_NORMAL ||
      transfers.send_op() != SEND_OP_AIV_DIRECT) {
    return std::nullopt;
  }
  if (chip.family() != FAMILY_DAVINCI) {
    throw UsageError("software transfers.send_op aiv_direct needs vector cores: chip " +
                     chip.name() + " has none");
  }
  const kernels::davinci::DeviceSite site = {
      chip, chip.clock(), cores, network.wire_ps, network.latency_ps, expert_rows};
  return op.has_moe_dispatch() ? kernels::davinci::dispatch_work(site, op.moe_dispatch())
                               : kernels::davinci::combine_work(site, op.moe_combine());
}

}  // namespace reticle::study
