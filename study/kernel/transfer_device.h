#pragma once

#include <optional>

#include "models/kernels/davinci/moe_device.h"
#include "models/systems/network.h"
#include "schema/software.pb.h"

namespace reticle::study {

// What vector cores add to the network's time for a dispatch or combine; nothing for other
// collectives, for one rank, or where `transfers.send_op` is not aiv_direct. UsageError for
// aiv_direct on a chip without vector cores. `expert_rows`: those of the rank's experts over the
// mean.
std::optional<kernels::davinci::DeviceWork> transfer_device(const Chip& chip, std::int64_t cores,
                                                            const Transfers& transfers,
                                                            const CollectiveOperator& op,
                                                            const systems::NetworkCost& network,
                                                            double expert_rows = 1);

}  // namespace reticle::study
