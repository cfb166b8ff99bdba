#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "study/run/inputs.h"

namespace reticle::study {

// Rows of every expert slot on every rank, in one layer and micro-batch.
using RowsByRank = std::vector<std::vector<std::int64_t>>;

// Whether a scenario is simulated rank by rank: because it says so, or because its ranks differ.
bool rank_by_rank(const ScenarioInputs& inputs);

// What it may not say then. ConfigError at the key: a routing that does not exist, per_rank: false
// with ranks that differ, phases and factors that mean one rank for all.
void check_ranks(const ScenarioInputs& inputs, const llm::Locate& locate);

// Rows of each layer with experts, drawn from `seed` and the layer; both micro-batches get the
// same.
std::map<int, RowsByRank> rows_of_layers(const ScenarioInputs& inputs,
                                         const std::vector<int>& layers, std::uint64_t seed);

std::int64_t total(const std::vector<std::int64_t>& rows);

// Share of a layer's rows that goes to each rank.
std::vector<double> shares(const RowsByRank& rows);

}  // namespace reticle::study
