#include "models/kernels/expert_load.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "models/kernels/power_law.h"
#include "models/kernels/program_builder.h"
#include "schema/errors.h"

namespace reticle::kernels {

namespace {

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
  const std::optional<double> exponent = power_law_exponent(distribution);
  if (!exponent) {
    throw UsageError("distribution " + distribution + ": balanced or power_law_A with A > 0");
  }
  const PowerLaw law(*exponent, static_cast<double>(tokens), static_cast<double>(topk),
                     static_cast<double>(experts));
  std::vector<double> weights(count);
  for (std::size_t i = 0; i < count; ++i) {
    weights[i] = law.at((static_cast<double>(2 * i) + 1) / static_cast<double>(2 * count));
  }
  const std::vector<std::int64_t> sorted = apportion(weights, rows);
  for (std::size_t i = 0; i < count; ++i) {
    loads[i * stride(count) % count] = sorted[i];
  }
  return loads;
}

}  // namespace reticle::kernels
