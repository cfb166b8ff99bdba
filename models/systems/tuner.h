#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "schema/rank_graph.h"
#include "schema/system.pb.h"

namespace reticle::systems {

// Who takes part in a collective.
struct Members {
  std::int64_t ranks = 1;
  std::int64_t nodes = 1;
};

// Seconds that the library's tuner guesses for `way` (algorithm/protocol) of a collective of
// `bytes`: what NCCL's ncclTopoTuneModel and ncclTopoGetAlgoTime work out from their constants. A
// guess only chooses; what the way then takes is CollectivePlan's. Nothing: the tuner does not list
// the way.
std::optional<double> guess_seconds(const Tuner& tuner, const std::string& way, CommType comm,
                                    double bytes, const Members& members);

}  // namespace reticle::systems
