#include "study/retarget/straggler.h"

#include <cmath>
#include <numeric>

#include "sim/power/spread.h"

namespace reticle::study {

double straggler_share(const std::vector<double>& rows, std::int64_t ranks) {
  if (rows.size() < 2 || ranks < 2) {
    return 0;
  }
  const auto count = static_cast<double>(rows.size());
  const double mean = std::accumulate(rows.begin(), rows.end(), 0.0) / count;
  double squares = 0;
  for (const double one : rows) {
    squares += (one - mean) * (one - mean);
  }
  const double spread = std::sqrt(squares / (count - 1));
  return mean > 0 ? power::expected_largest(ranks) * spread / mean : 0;
}

}  // namespace reticle::study
