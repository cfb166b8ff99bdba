#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/operator.pb.h"

namespace reticle::systems {

// How tokens choose experts, in words: `balanced`, `one_rank` (all to rank 0), `power_law_A`, or a
// number an expert, `a:b:c`. UsageError for another word; `key` names it in the message.
void check_load(const std::string& key, const std::string& word);

bool even_load(const std::string& word);

// Loads of experts drawn by `power_law_A` (kernels::PowerLaw), or as listed, as shares that sum
// to 1. A token goes to an expert once: no share is over 1 / topk. UsageError for a list of another
// number of experts.
std::vector<double> drawn_shares(const std::string& word, std::int64_t experts, std::int64_t tokens,
                                 std::int64_t topk, std::uint64_t seed);

// Share of all routed rows that goes to each rank, for MoeTransfer.load, with the tokens of all
// ranks. Experts lie on ranks in order, or with `eplb` as a greedy balancer puts them: the heaviest
// first, each on the lightest rank with a free slot. UsageError as check_load.
std::vector<double> rank_shares(const MoeTransfer& op, std::uint64_t seed);

// Whether the op's ranks get different loads.
bool uneven_load(const MoeTransfer& op);

}  // namespace reticle::systems
