#pragma once

#include <cstdint>
#include <vector>

#include "schema/operator.pb.h"

namespace reticle::systems {

// Share of all routed rows that goes to each rank, for MoeTransfer.load: `balanced`, `one_rank`
// (rank 0 gets all) or `power_law_A`: per-expert loads drawn from kernels::PowerLaw
// (models/kernels/power_law.h), with the tokens of all ranks. Experts lie on ranks in order, or
// with `eplb` as a greedy balancer puts them: the heaviest first, each on the lightest rank with a
// free slot. UsageError for another word.
std::vector<double> rank_shares(const MoeTransfer& op, std::uint64_t seed);

// Whether the op's ranks get different loads.
bool uneven_load(const MoeTransfer& op);

}  // namespace reticle::systems
