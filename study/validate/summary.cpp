#include "study/validate/summary.h"

#include <algorithm>
#include <cmath>

namespace reticle::study {

namespace {

double percentile(const std::vector<double>& sorted, double share) {
  const double rank = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (rank - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

ErrorSummary summarise(const std::vector<Compared>& pairs) {
  ErrorSummary summary;
  if (pairs.empty()) {
    return summary;
  }
  std::vector<double> errors;
  std::vector<double> sizes;
  double total = 0;
  for (const Compared& pair : pairs) {
    errors.push_back(pair.simulated / pair.measured - 1);
    sizes.push_back(std::abs(errors.back()));
    total += sizes.back();
  }
  std::sort(errors.begin(), errors.end());
  std::sort(sizes.begin(), sizes.end());
  summary.set_n(pairs.size());
  summary.set_mape(total / static_cast<double>(pairs.size()));
  summary.set_median_ape(percentile(sizes, 0.5));
  summary.set_p90_ape(percentile(sizes, 0.9));
  summary.set_bias(percentile(errors, 0.5));
  return summary;
}

bool within(const ErrorSummary& errors, const ErrorBand& band) {
  return errors.n() > 0 && errors.median_ape() <= band.median_ape() &&
         errors.p90_ape() <= band.p90_ape();
}

}  // namespace reticle::study
