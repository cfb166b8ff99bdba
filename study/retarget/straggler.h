#pragma once

#include <cstdint>
#include <vector>

namespace reticle::study {

// By which share the busiest of `ranks` has more rows of experts than the average one. The rows
// that one rank got in different layers are taken as a sample of what ranks get in one layer (it
// holds other experts in each); the busiest is the expected largest of `ranks` normal draws with
// their mean and spread (Blom, 1958). 0 for fewer than two samples or ranks.
double straggler_share(const std::vector<double>& rows, std::int64_t ranks);

}  // namespace reticle::study
