#include "models/economics/yield.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "schema/errors.h"

namespace reticle::economics {
namespace {

void check(const DieDesign& design) {
  if (!(design.area > 0 && design.core_share >= 0 && design.core_share <= 1 &&
        design.cores_needed >= 1 && design.cores_needed <= design.cores)) {
    throw std::domain_error("die_yield: no such die");
  }
}

// P(at most `spares` of n cores are bad) when a core is good with exp(-defects).
double enough_cores(int n, int spares, double defects) {
  double term = std::exp(-defects * n);     // no core is bad
  const double odds = std::expm1(defects);  // bad over good
  double sum = term;
  for (int bad = 1; bad <= spares; ++bad) {
    term *= odds * (n - bad + 1) / bad;
    sum += term;
  }
  return std::min(sum, 1.0);
}

}  // namespace

double die_yield(const DieDesign& design, double defect_density, double systematic_yield) {
  check(design);
  const double core_area = design.area * design.core_share;
  const double uncore_area = design.area - core_area;
  return systematic_yield * std::exp(-defect_density * uncore_area) *
         enough_cores(design.cores, design.cores - design.cores_needed,
                      defect_density * core_area / design.cores);
}

double defect_density(const DieDesign& design, double yield, double systematic_yield) {
  check(design);
  if (!(yield > 0 && yield <= systematic_yield)) {
    throw UsageError(
        "a yield of " + std::to_string(yield) +
        " has no defect density (it must be above 0 and at most the systematic yield, " +
        std::to_string(systematic_yield) + ")");
  }
  double low = 0;
  double high = 1 / design.area;
  while (die_yield(design, high, systematic_yield) > yield) {
    low = high;
    high *= 2;
  }
  // Bisection to neighbouring doubles: yield falls strictly with the density.
  for (double middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2) {
    (die_yield(design, middle, systematic_yield) > yield ? low : high) = middle;
  }
  return low;
}

}  // namespace reticle::economics
