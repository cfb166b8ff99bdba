#include "models/systems/expert_load.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <string>

#include "schema/errors.h"

namespace reticle::systems {
namespace {

const char kPowerLaw[] = "power_law_";

double exponent(const std::string& load) {
  const std::string digits = load.substr(std::string(kPowerLaw).size());
  std::size_t used = 0;
  double value = 0;
  try {
    value = std::stod(digits, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  if (used == 0 || used != digits.size() || !(value > 0)) {
    throw UsageError("load=" + load + ": the exponent is not a positive number (power_law_1.2)");
  }
  return value;
}

std::vector<double> power_law(double a, std::int64_t experts, double tokens, double topk,
                              std::uint64_t seed) {
  const bool many = tokens * topk > static_cast<double>(experts);
  const double low = many ? 1 : 0.01;
  const double high = many ? 0.8 * tokens : 2;
  std::mt19937_64 random(seed);
  std::vector<double> loads;
  for (std::int64_t i = 0; i < experts; ++i) {
    const double u = static_cast<double>(random() >> 11U) * 0x1p-53;
    const double power = 1 - a;
    loads.push_back(
        std::abs(power) < 1e-9
            ? low * std::pow(high / low, u)
            : std::pow((std::pow(high, power) - std::pow(low, power)) * u + std::pow(low, power),
                       1 / power));
  }
  return loads;
}

std::vector<double> place(std::vector<double> loads, std::int64_t ranks, bool by_load) {
  const std::size_t slots = loads.size() / static_cast<std::size_t>(ranks);
  std::vector<double> out(static_cast<std::size_t>(ranks), 0);
  if (!by_load) {
    for (std::size_t i = 0; i < loads.size(); ++i) {
      out[i / slots] += loads[i];
    }
    return out;
  }
  std::vector<std::size_t> free(out.size(), slots);
  std::sort(loads.begin(), loads.end(), std::greater<>());
  for (const double load : loads) {
    std::size_t best = out.size();
    for (std::size_t rank = 0; rank < out.size(); ++rank) {
      if (free[rank] > 0 && (best == out.size() || out[rank] < out[best])) {
        best = rank;
      }
    }
    out[best] += load;
    --free[best];
  }
  return out;
}

}  // namespace

bool uneven_load(const MoeTransfer& op) { return op.has_load() && op.load() != "balanced"; }

std::vector<double> rank_shares(const MoeTransfer& op, std::uint64_t seed) {
  std::vector<double> shares(static_cast<std::size_t>(op.ranks()),
                             1 / static_cast<double>(op.ranks()));
  if (!uneven_load(op)) {
    return shares;
  }
  if (op.load() == "one_rank") {
    std::fill(shares.begin(), shares.end(), 0);
    shares[0] = 1;
    return shares;
  }
  if (op.load().rfind(kPowerLaw, 0) != 0) {
    throw UsageError("load=" + op.load() + ": not balanced, one_rank or power_law_A");
  }
  const double tokens = static_cast<double>(op.tokens_per_rank() * op.ranks());
  shares = place(
      power_law(exponent(op.load()), op.experts(), tokens, static_cast<double>(op.topk()), seed),
      op.ranks(), op.eplb());
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) {
    share /= sum;
  }
  return shares;
}

}  // namespace reticle::systems
