#include "models/kernels/power_law.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace reticle::kernels {

namespace {

const std::string kPrefix = "power_law_";

}  // namespace

PowerLaw::PowerLaw(double exponent, double tokens, double topk, double experts)
    : exponent_(exponent) {
  const bool crowded = tokens * topk > experts;
  low_ = crowded ? 1 : 0.01;
  high_ = crowded ? std::max(low_, 0.8 * tokens) : 2;
}

double PowerLaw::at(double u) const {
  const double power = 1 - exponent_;
  if (power == 0) {
    return low_ * std::pow(high_ / low_, u);
  }
  const double low = std::pow(low_, power);
  return std::pow((std::pow(high_, power) - low) * u + low, 1 / power);
}

bool is_power_law(const std::string& word) { return word.rfind(kPrefix, 0) == 0; }

std::optional<double> power_law_exponent(const std::string& word) {
  if (!is_power_law(word)) {
    return std::nullopt;
  }
  const std::string text = word.substr(kPrefix.size());
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  const bool whole = !text.empty() && end == text.c_str() + text.size();
  return whole && std::isfinite(value) && value > 0 ? std::optional<double>(value) : std::nullopt;
}

}  // namespace reticle::kernels
