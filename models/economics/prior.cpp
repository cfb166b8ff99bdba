#include "models/economics/prior.h"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/triangular.hpp>
#include <cmath>
#include <numeric>

#include "schema/errors.h"

namespace reticle::economics {
namespace {

constexpr double kTailShare = 0.95;  // a lognormal's `high` is its 95th percentile, by definition
constexpr double kPertWeight = 4;    // of the mode: what makes a beta a PERT

double normal_quantile(double share) { return boost::math::quantile(boost::math::normal(), share); }

Prior bounded(const config::Origin& origin, double value, const std::string& path) {
  const double low = origin.low.value_or(value);
  const double high = origin.high.value_or(value);
  if (!(low <= value && value <= high)) {
    throw ConfigError(origin.at, path + " is outside its own range",
                      "low must be at most the value, high at least");
  }
  if (origin.distribution == "pert") {
    return {[=](double u) { return pert_quantile(low, value, high, u); }, low, high};
  }
  if (origin.distribution == "uniform") {
    return {[=](double u) { return low + (high - low) * u; }, low, high};
  }
  const boost::math::triangular prior(low, value, high);
  return {[prior](double u) { return boost::math::quantile(prior, u); }, low, high};
}

// Median `value`, 95th percentile `high`.
Prior lognormal(double value, double high) {
  const double sigma = std::log(high / value) / normal_quantile(kTailShare);
  return {[=](double u) { return value * std::exp(sigma * normal_quantile(u)); },
          value * value / high, high};
}

Prior discrete(const config::Origin& origin) {
  const double all = std::accumulate(origin.weights.begin(), origin.weights.end(), 0.0);
  const auto pick = [outcomes = origin.outcomes, weights = origin.weights, all](double u) {
    double below = 0;
    for (std::size_t i = 0; i + 1 < outcomes.size(); ++i) {
      below += weights[i] / all;
      if (u < below) {
        return outcomes[i];
      }
    }
    return outcomes.back();
  };
  const auto [low, high] = std::minmax_element(origin.outcomes.begin(), origin.outcomes.end());
  return {pick, *low, *high};
}

}  // namespace

bool varies(const config::Origin& origin) {
  if (origin.distribution == "discrete") {
    return origin.outcomes.size() > 1;
  }
  if (origin.distribution == "lognormal") {
    return origin.high && *origin.high > origin.value;
  }
  return origin.low && origin.high && *origin.low < *origin.high;
}

Prior prior_of(const config::Origin& origin, double value, const std::string& path) {
  if (origin.distribution == "discrete") {
    return discrete(origin);
  }
  return origin.distribution == "lognormal" ? lognormal(value, *origin.high)
                                            : bounded(origin, value, path);
}

double pert_quantile(double low, double mode, double high, double share) {
  const double a = 1 + kPertWeight * (mode - low) / (high - low);
  const double b = 1 + kPertWeight * (high - mode) / (high - low);
  return low + (high - low) * boost::math::quantile(boost::math::beta_distribution<>(a, b), share);
}

}  // namespace reticle::economics
