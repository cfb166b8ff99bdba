#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace reticle::systems {

// The rank of each slot, the same number on every rank: in order, or by load with the heaviest
// first, each on the lightest rank with a free slot (longest processing time first).
std::vector<std::size_t> place_slots(const std::vector<double>& loads, std::int64_t ranks,
                                     bool by_load);

// What is put into expert slots: every routed expert once, `copies` more of them, and `shared`
// copies of the shared expert.
struct SlotContents {
  std::int64_t routed = 0;
  std::int64_t copies = 0;
  std::int64_t shared = 0;
  std::int64_t ranks = 0;
  bool by_load = false;
};

// Rows of each slot, by rank, for `routed_rows` and `shared_rows` in all, of which expert e gets
// shares[e]. By load (as DeepSeek's EPLB): a copy goes to the expert with most rows a slot, again
// and again, and slots are placed by their rows. Otherwise copies are of the first experts, and
// slots lie in order: routed, copies, shared. The slots of an expert share its rows evenly; what
// does not divide is rounded up.
std::vector<std::vector<std::int64_t>> rows_by_rank(const SlotContents& contents,
                                                    const std::vector<double>& shares,
                                                    std::int64_t routed_rows,
                                                    std::int64_t shared_rows);

// All routed rows on rank 0, whose slots share them.
std::vector<std::vector<std::int64_t>> rows_on_rank_0(const SlotContents& contents,
                                                      std::int64_t routed_rows,
                                                      std::int64_t shared_rows);

}  // namespace reticle::systems
