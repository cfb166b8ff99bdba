#include "models/systems/expert_load.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <numeric>
#include <optional>
#include <random>
#include <sstream>
#include <utility>

#include "models/kernels/power_law.h"
#include "models/systems/expert_placement.h"
#include "schema/errors.h"

namespace reticle::systems {
namespace {

// No share over `most`: what is cut off goes to the others as they share what they have.
std::vector<double> capped(std::vector<double> shares, double most) {
  for (bool over = true; over;) {
    double full = 0;
    double rest = 0;
    for (const double share : shares) {
      (share < most ? rest : full) += share < most ? share : most;
    }
    const double grow = rest > 0 ? (1 - full) / rest : 1;
    over = false;
    for (double& share : shares) {
      const bool below = share < most;
      share = below ? share * grow : most;
      over = over || share > most;
    }
  }
  return shares;
}

bool is_list(const std::string& word) { return word.find(':') != std::string::npos; }

// As shares of their sum.
std::vector<double> listed(const std::string& key, const std::string& word) {
  std::vector<double> loads;
  std::istringstream text(word);
  for (std::string part; std::getline(text, part, ':');) {
    std::size_t read = 0;
    double load = -1;
    try {
      load = std::stod(part, &read);
    } catch (const std::exception&) {
      read = 0;
    }
    if (read == 0 || read != part.size() || !std::isfinite(load) || load < 0) {
      throw UsageError(key + ": `" + part + "` is not a load (a number an expert, a:b:c)");
    }
    loads.push_back(load);
  }
  const double sum = std::accumulate(loads.begin(), loads.end(), 0.0);
  if (sum <= 0) {
    throw UsageError(key + "=" + word + ": no expert has any load");
  }
  for (double& load : loads) {
    load /= sum;
  }
  return loads;
}

}  // namespace

void check_load(const std::string& key, const std::string& word) {
  if (even_load(word) || word == "one_rank") {
    return;
  }
  if (is_list(word)) {
    listed(key, word);
    return;
  }
  if (!kernels::is_power_law(word)) {
    throw UsageError(key + "=" + word +
                     ": not balanced, one_rank, power_law_A or a number an expert (a:b:c)");
  }
  if (!kernels::power_law_exponent(word)) {
    throw UsageError(key + "=" + word + ": the exponent is not a positive number (power_law_1.2)");
  }
}

bool even_load(const std::string& word) { return word.empty() || word == "balanced"; }

std::vector<double> drawn_shares(const std::string& word, std::int64_t experts, std::int64_t tokens,
                                 std::int64_t topk, std::uint64_t seed) {
  if (is_list(word)) {
    std::vector<double> shares = listed("load", word);
    if (shares.size() != static_cast<std::size_t>(experts)) {
      throw UsageError("load: " + std::to_string(shares.size()) + " numbers for " +
                       std::to_string(experts) + " experts");
    }
    return capped(std::move(shares), 1 / static_cast<double>(topk));
  }
  const kernels::PowerLaw law(*kernels::power_law_exponent(word), static_cast<double>(tokens),
                              static_cast<double>(topk), static_cast<double>(experts));
  std::mt19937_64 random(seed);
  std::vector<double> shares;
  for (std::int64_t i = 0; i < experts; ++i) {
    shares.push_back(law.at(static_cast<double>(random() >> 11U) * 0x1p-53));
  }
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) {
    share /= sum;
  }
  return capped(std::move(shares), 1 / static_cast<double>(topk));
}

bool uneven_load(const MoeTransfer& op) { return op.has_load() && !even_load(op.load()); }

std::vector<double> rank_shares(const MoeTransfer& op, std::uint64_t seed) {
  check_load("load", op.load());
  std::vector<double> shares(static_cast<std::size_t>(op.ranks()),
                             1 / static_cast<double>(op.ranks()));
  if (!uneven_load(op)) {
    return shares;
  }
  std::fill(shares.begin(), shares.end(), 0);
  if (op.load() == "one_rank") {
    shares[0] = 1;
    return shares;
  }
  const std::vector<double> drawn =
      drawn_shares(op.load(), op.experts(), op.tokens_per_rank() * op.ranks(), op.topk(), seed);
  const std::vector<std::size_t> rank_of = place_slots(drawn, op.ranks(), op.eplb());
  for (std::size_t expert = 0; expert < drawn.size(); ++expert) {
    shares[rank_of[expert]] += drawn[expert];
  }
  return shares;
}

}  // namespace reticle::systems
