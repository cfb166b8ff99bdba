#pragma once

#include <cstdint>
#include <vector>

#include "schema/model.pb.h"
#include "schema/scenario.pb.h"

namespace reticle::llm {

// Rows (tokens) one expert slot of each kind gets.
struct SlotRows {
  std::int64_t routed = 0;  // the only slot of a routed expert
  std::int64_t copied = 0;  // one of the two slots of a copied routed expert
  std::int64_t shared = 0;  // one copy of the shared expert; 0 where it is not in slots
};

// `tokens` are those of all ranks, before top-k. A routed expert gets tokens topk / routed, its two
// slots half of that each if it has a copy; the copies of the shared expert divide all tokens.
// Where a division leaves a rest, the busiest slot of the kind is meant (rounded up). `imbalance`:
// rows of the busiest rank over the average rank's, the same for each of its slots but the shared
// expert's, which every token passes.
SlotRows slot_rows(const Experts& experts, const ExpertPlacement& placement, std::int64_t tokens,
                   double imbalance = 1);

// Rows of the slots on the rank with most rows, largest first. Slots are dealt out heaviest first
// to the rank with fewest rows that has a slot free (longest processing time first). A collective
// ends when its last rank arrives, so this rank is the one that is simulated.
std::vector<std::int64_t> busiest_rank(const SlotRows& rows, const Experts& experts,
                                       const ExpertPlacement& placement, std::int64_t ranks);

}  // namespace reticle::llm
