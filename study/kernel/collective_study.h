#pragma once

#include "models/systems/collective.h"
#include "schema/operator.pb.h"
#include "schema/result.pb.h"
#include "schema/system.pb.h"
#include "study/kernel/simulator.h"

namespace reticle::study {

// The work cores do for an MoE transfer: what runs before dispatch (quantise, scatter) and after
// combine (weighted sum), as kernels on all cores of a rank. Nothing for other collectives.
systems::CoreWork core_work(Simulator& rank_chip, const CollectiveOperator& op);

// One collective, all ranks starting at once.
CollectiveResult collective_result(const System& system, std::int64_t ranks_per_package,
                                   Simulator& rank_chip, const CollectiveOperator& op);

}  // namespace reticle::study
