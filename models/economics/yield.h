#pragma once

namespace reticle::economics {

// What decides a die's yield besides the defect density. Area in square metres.
struct DieDesign {
  double area = 0;
  double core_share = 0;  // share of the area that is cores; the rest must be free of defects
  int cores = 1;
  int cores_needed = 1;  // a die with fewer good cores is scrap
};

// Share of dies that can be sold, in this bin, at `defect_density` killer defects per square metre:
// systematic * exp(-D a_uncore) * P(at least cores_needed of cores have no defect), Poisson.
// Formula: docs/cost.md, "Yield". Throws std::domain_error for an impossible design.
double die_yield(const DieDesign& design, double defect_density, double systematic_yield = 1);

// The defect density at which die_yield gives `yield`: what a reported yield says, once it is known
// what it counts. UsageError unless 0 < yield <= systematic_yield.
double defect_density(const DieDesign& design, double yield, double systematic_yield = 1);

}  // namespace reticle::economics
