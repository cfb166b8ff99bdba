#include "models/systems/expert_load.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <random>

#include "models/kernels/power_law.h"
#include "schema/errors.h"

namespace reticle::systems {
namespace {

std::vector<double> draws(const kernels::PowerLaw& law, std::int64_t experts, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<double> loads;
  for (std::int64_t i = 0; i < experts; ++i) {
    loads.push_back(law.at(static_cast<double>(random() >> 11U) * 0x1p-53));
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
  if (!kernels::is_power_law(op.load())) {
    throw UsageError("load=" + op.load() + ": not balanced, one_rank or power_law_A");
  }
  const std::optional<double> exponent = kernels::power_law_exponent(op.load());
  if (!exponent) {
    throw UsageError("load=" + op.load() +
                     ": the exponent is not a positive number (power_law_1.2)");
  }
  const kernels::PowerLaw law(*exponent, static_cast<double>(op.tokens_per_rank() * op.ranks()),
                              static_cast<double>(op.topk()), static_cast<double>(op.experts()));
  shares = place(draws(law, op.experts(), seed), op.ranks(), op.eplb());
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) {
    share /= sum;
  }
  return shares;
}

}  // namespace reticle::systems
