#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace reticle::kernels {

// Rows every expert gets when `tokens` tokens choose `topk` of `experts` each; they sum to tokens x
// topk. `balanced`: equal to within one row. `power_law_A`: quantiles of
// PowerLaw at u = (i + 1/2) / experts instead of random draws, scaled, rounded and dealt to the
// experts by a fixed stride.
// UsageError for other names.
std::vector<std::int64_t> expert_loads(const std::string& distribution, std::int64_t tokens,
                                       std::int64_t topk, std::int64_t experts);

}  // namespace reticle::kernels
