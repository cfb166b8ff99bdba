#pragma once

#include <string>
#include <vector>

#include "gui/model/trace_data.h"

namespace reticle::gui {

// Ranks beside each other: a row a rank, a column an operator (seconds of it) or an expert (its
// load).
struct RankMatrix {
  std::string unit;                // "s", or that of the load's counters
  std::vector<std::string> ranks;  // rows
  std::vector<std::string> columns;
  std::vector<std::vector<double>> values;  // by row

  double mean(std::size_t column) const;
  double greatest(std::size_t column) const;
  // Greatest over mean: 1 is balance.
  double imbalance(std::size_t column) const;
};

constexpr std::size_t kMostRankColumns = 64;

// Time of the outermost slices within `range`, by rank and name; the longest names first.
RankMatrix rank_times(const Contents& contents, const TimeRange& range);

// Mean load within `range` of each expert slot: counters of unit "tokens" on a rank, in the order
// of their definition.
RankMatrix expert_loads(const Contents& contents, const TimeRange& range);

}  // namespace reticle::gui
