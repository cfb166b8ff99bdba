#pragma once

#include <vector>

#include "schema/validation.pb.h"

namespace reticle::study {

// A prediction beside its measurement, both positive.
struct Compared {
  double measured = 0;
  double simulated = 0;
};

// Errors as shares of the measurement; percentiles interpolate between order statistics. All zero
// without a pair.
ErrorSummary summarise(const std::vector<Compared>& pairs);

bool within(const ErrorSummary& errors, const ErrorBand& band);

}  // namespace reticle::study
