#pragma once

#include <string>
#include <vector>

#include "gui/model/statistics.h"

namespace reticle::gui {

// The statistics of a selection as CSV (RFC 4180): name, track, count and times in microseconds.
std::string statistics_csv(const Contents& contents, const std::vector<NameStatistics>& rows,
                           GroupBy grouped);

}  // namespace reticle::gui
