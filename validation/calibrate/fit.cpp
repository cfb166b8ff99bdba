#include "validation/calibrate/fit.h"

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>

namespace reticle::validation {

namespace {

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

}  // namespace

Residual residual(const std::vector<double>& log_errors) {
  Residual result;
  result.rows = log_errors.size();
  if (log_errors.empty()) {
    return result;
  }
  std::vector<double> sizes;
  for (const double error : log_errors) {
    sizes.push_back(std::abs(std::expm1(error)));
    result.mean_log += std::abs(error) / static_cast<double>(log_errors.size());
  }
  result.median = quantile(sizes, 1.0 / 2);
  result.p90 = quantile(sizes, 9.0 / 10);
  result.bias = std::expm1(quantile(log_errors, 1.0 / 2));
  return result;
}

std::vector<double> fit(const std::vector<Parameter>& parameters,
                        const std::function<double(const std::vector<double>&)>& cost, int rounds) {
  constexpr int kBits = 4;  // a sixteenth of the range is finer than the tables identify
  std::vector<double> values;
  for (const Parameter& parameter : parameters) {
    values.push_back(parameter.value);
  }
  double best = cost(values);
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      std::uintmax_t evaluations = 8;
      const auto [value, least] = boost::math::tools::brent_find_minima(
          [&](double tried) {
            std::vector<double> candidate = values;
            candidate[i] = tried;
            return cost(candidate);
          },
          parameters[i].low, parameters[i].high, kBits, evaluations);
      if (least < best) {
        best = least;
        values[i] = value;
      }
    }
  }
  return values;
}

bool at_edge(const Parameter& parameter, double value) {
  const double margin = (parameter.high - parameter.low) / 50;
  return value < parameter.low + margin || value > parameter.high - margin;
}

}  // namespace reticle::validation
