#include "study/retarget/straggler.h"

#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>

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
  const auto n = static_cast<double>(ranks);
  const double largest =
      boost::math::quantile(boost::math::normal(), (n - 3.0 / 8) / (n + 1.0 / 4));
  return mean > 0 ? largest * spread / mean : 0;
}

}  // namespace reticle::study
