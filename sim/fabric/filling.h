#pragma once

#include <vector>

#include "sim/fabric/max_min.h"

namespace reticle::fabric {

// Levels and completions closer than this, relatively, are the same one: rounding does not split
// ties.
constexpr double kTie = 1e-12;

// Max-min fair shares of the active classes; the inputs are checked and in canonical order.
std::vector<Share> fill(const std::vector<Resource>& resources,
                        const std::vector<FlowClass>& classes, const std::vector<bool>& active);

}  // namespace reticle::fabric
