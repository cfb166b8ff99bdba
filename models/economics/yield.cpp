#include "models/economics/yield.h"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <stdexcept>
#include <string>

#include "models/economics/spares.h"
#include "schema/errors.h"

namespace reticle::economics {
namespace {

double rest_area(const DieDesign& design) {
  double rest = design.area * (1 - design.core_share);
  for (const SpareBlocks& block : design.blocks) {
    rest -= block.area;
  }
  // Shares that sum to 1 leave nothing but rounding.
  return rest < 0 && rest > -1e-12 * design.area ? 0 : rest;
}

void check(const DieDesign& design) {
  bool good = design.area > 0 && design.core_share >= 0 && design.core_share <= 1 &&
              design.cores_needed >= 1 && design.cores_needed <= design.cores &&
              design.groups >= 1 && design.cores % design.groups == 0 &&
              design.groups_needed <= design.groups &&
              design.group_minimum <= design.cores / design.groups && rest_area(design) >= 0;
  for (const SpareBlocks& block : design.blocks) {
    good = good && block.area >= 0 && block.count >= 1 && block.needed >= 0 &&
           block.needed <= block.count && block.repairs >= 0;
  }
  if (!good) {
    throw std::domain_error("die_yield: no such die");
  }
}

double good_cores(const DieDesign& design, double density) {
  const double defects = density * design.area * design.core_share / design.cores;
  if (design.groups == 1 && design.groups_needed == 0 && design.group_minimum == 0) {
    return enough_good(design.cores, design.cores_needed, defects);
  }
  return enough_good_in_groups({design.groups, design.cores / design.groups, design.groups_needed,
                                design.group_minimum, design.cores_needed},
                               defects);
}

// P(sellable) on a die whose own density is `density`.
double conditional_yield(const DieDesign& design, double density, double rest) {
  double yield = std::exp(-density * rest) * good_cores(design, density);
  for (const SpareBlocks& block : design.blocks) {
    const double faults = density * block.area / block.count;
    yield *= block.repairs == 0
                 ? enough_good(block.count, block.needed, faults)
                 : enough_good(block.count, block.needed,
                               -std::log(boost::math::gamma_q(block.repairs + 1, faults)));
  }
  return yield;
}

}  // namespace

bool has_spares(const DieDesign& design) {
  bool spares = design.core_share > 0 && design.cores_needed < design.cores;
  for (const SpareBlocks& block : design.blocks) {
    spares = spares || (block.area > 0 && (block.needed < block.count || block.repairs > 0));
  }
  return spares;
}

double die_yield(const DieDesign& design, const Defects& defects) {
  check(design);
  const double density = defects.density * defects.critical_area_ratio;
  if (!has_spares(design)) {
    return defects.systematic_yield * defect_free(defects.law, density * design.area);
  }
  // Bose-Einstein's density is that of one layer.
  const double mean =
      density * (defects.law.law == YIELD_LAW_BOSE_EINSTEIN ? defects.law.layers : 1);
  const double rest = rest_area(design);
  double yield = 0;
  for (const DensityNode& node : density_nodes(defects.law)) {
    yield += node.weight * conditional_yield(design, mean * node.factor, rest);
  }
  return defects.systematic_yield * std::min(yield, 1.0);
}

double die_yield(const DieDesign& design, double defect_density, double systematic_yield) {
  return die_yield(design, Defects{defect_density, {}, 1, systematic_yield});
}

std::vector<double> bin_shares(const DieDesign& design, const Defects& defects,
                               const std::vector<int>& bins) {
  std::vector<double> shares;
  DieDesign bin = design;
  double better = 0;
  for (const int needed : bins) {
    bin.cores_needed = std::max(needed, 1);
    const double at_least = die_yield(bin, defects);
    shares.push_back(std::max(at_least - better, 0.0));
    better = at_least;
  }
  return shares;
}

double defect_density(const DieDesign& design, double yield, const Defects& like) {
  check(design);
  Defects defects = like;
  const double systematic_yield = like.systematic_yield;
  if (!(yield > 0 && yield <= systematic_yield)) {
    throw UsageError(
        "a yield of " + std::to_string(yield) +
        " has no defect density (it must be above 0 and at most the systematic yield, " +
        std::to_string(systematic_yield) + ")");
  }
  const auto above = [&](double density) {
    defects.density = density;
    return die_yield(design, defects) > yield;
  };
  double low = 0;
  double high = 1 / design.area;
  while (above(high)) {
    low = high;
    high *= 2;
  }
  // Bisection to neighbouring doubles: yield falls strictly with the density.
  for (double middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2) {
    (above(middle) ? low : high) = middle;
  }
  return low;
}

double defect_density(const DieDesign& design, double yield, double systematic_yield) {
  return defect_density(design, yield, Defects{0, {}, 1, systematic_yield});
}

double learned_density(double initial, double final_density, double time_constant, double t) {
  return final_density + (initial - final_density) * std::exp(-t / time_constant);
}

}  // namespace reticle::economics
