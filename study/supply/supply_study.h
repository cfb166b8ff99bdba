#pragma once

#include "schema/cost.pb.h"
#include "study/supply/supply_inputs.h"

namespace reticle::study {

// Year by year: packages, what binds, slack, break-even yield, and whether demands are met.
// `draws` 0: as the scenario says.
SupplyReport supply_report(const SupplyInputs& inputs, uint64_t seed, uint32_t draws);

std::string supply_text(const SupplyReport& report);

}  // namespace reticle::study
