#include "models/kernels/expert_load.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "models/kernels/program_builder.h"
#include "schema/errors.h"

namespace reticle::kernels {

namespace {

const std::string kPowerLaw = "power_law_";

std::optional<double> exponent(const std::string& distribution) {
  if (distribution.rfind(kPowerLaw, 0) != 0) {
    return std::nullopt;
  }
  const std::string text = distribution.substr(kPowerLaw.size());
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  const bool whole = !text.empty() && end == text.c_str() + text.size();
  return whole && std::isfinite(value) && value > 0 ? std::optional<double>(value) : std::nullopt;
}

// The law's bounds depend on whether there is more than a row an expert (shared/data/README.md).
double quantile(double u, double exponent, bool crowded, double tokens) {
  const double a = crowded ? 1 : 1 / 100.0;
  const double b = crowded ? std::max(a, tokens * 4 / 5) : 2;
  if (exponent == 1) {
    return a * std::pow(b / a, u);
  }
  const double low = std::pow(a, 1 - exponent);
  const double high = std::pow(b, 1 - exponent);
  return std::pow((high - low) * u + low, 1 / (1 - exponent));
}

// Whole rows that sum to `rows`, in proportion to `weights`: running sums are rounded.
std::vector<std::int64_t> apportion(const std::vector<double>& weights, std::int64_t rows) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<std::int64_t> shares;
  double running = 0;
  std::int64_t given = 0;
  for (const double weight : weights) {
    running += weight;
    const std::int64_t until =
        std::min<std::int64_t>(rows, std::llround(running / sum * static_cast<double>(rows)));
    shares.push_back(until - given);
    given = until;
  }
  shares.back() += rows - given;
  return shares;
}

// Where the i-th quantile goes: a stride near the golden section, so that neighbours are unlike.
std::size_t stride(std::size_t experts) {
  std::size_t step = std::max<std::size_t>(1, experts * 5 / 8);
  while (std::gcd(step, experts) != 1) {
    ++step;
  }
  return step;
}

}  // namespace

std::vector<std::int64_t> expert_loads(const std::string& distribution, std::int64_t tokens,
                                       std::int64_t topk, std::int64_t experts) {
  const std::int64_t rows = tokens * topk;
  const auto count = static_cast<std::size_t>(experts);
  std::vector<std::int64_t> loads(count);
  if (distribution == "balanced") {
    for (std::size_t e = 0; e < count; ++e) {
      const auto [begin, end] = share(rows, experts, static_cast<std::int64_t>(e));
      loads[e] = end - begin;
    }
    return loads;
  }
  const std::optional<double> law = exponent(distribution);
  if (!law) {
    throw UsageError("distribution " + distribution + ": balanced or power_law_A with A > 0");
  }
  std::vector<double> weights(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double u = (static_cast<double>(2 * i) + 1) / static_cast<double>(2 * count);
    weights[i] = quantile(u, *law, rows > experts, static_cast<double>(tokens));
  }
  const std::vector<std::int64_t> sorted = apportion(weights, rows);
  for (std::size_t i = 0; i < count; ++i) {
    loads[i * stride(count) % count] = sorted[i];
  }
  return loads;
}

}  // namespace reticle::kernels
