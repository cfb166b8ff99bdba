#pragma once

#include <vector>

#include "models/economics/yield_law.h"

namespace reticle::economics {

// A kind of repeated block with spares. Areas in square metres, of all its blocks together.
struct SpareBlocks {
  double area = 0;
  int count = 1;
  int needed = 1;
  int repairs = 0;  // faults one block can repair
};

// What decides a die's yield besides its defects. Area in square metres.
struct DieDesign {
  double area = 0;
  double core_share = 0;  // share of the area that is cores
  int cores = 1;
  int cores_needed = 1;             // a die with fewer good cores is scrap
  std::vector<SpareBlocks> blocks;  // others; what is left of the area must be free of defects

  // Cores come in equal groups; one with fewer good cores than `group_minimum` is lost whole.
  int groups = 1;
  int groups_needed = 0;
  int group_minimum = 0;
};

// Defects of a process as a die sees them.
struct Defects {
  double density = 0;  // killer defects per square metre, the mean
  DefectLaw law;
  double critical_area_ratio = 1;
  double systematic_yield = 1;
};

// Share of dies that can be sold in this bin: systematic * E over the die's density D of
// exp(-D a_rest) * P(enough good cores) * product over blocks of P(enough good ones).
// Formula: docs/cost.md, "Yield". Throws std::domain_error for an impossible design.
double die_yield(const DieDesign& design, const Defects& defects);

// The same with Poisson defects.
double die_yield(const DieDesign& design, double defect_density, double systematic_yield = 1);

// Shares of dies with at least bins[0] good cores, with fewer but at least bins[1], and so on
// (`bins` falls), the rest of the die being good.
std::vector<double> bin_shares(const DieDesign& design, const Defects& defects,
                               const std::vector<int>& bins);

// The mean defect density at which die_yield gives `yield`: what a reported yield says, once it is
// known what it counts. `defects.density` is not read. UsageError unless 0 < yield <= systematic.
double defect_density(const DieDesign& design, double yield, const Defects& defects);
double defect_density(const DieDesign& design, double yield, double systematic_yield = 1);

// Whether the die can tolerate a defect anywhere.
bool has_spares(const DieDesign& design);

// D0(t) = final + (initial - final) exp(-t / time_constant), in the units of its arguments.
double learned_density(double initial, double final_density, double time_constant, double t);

}  // namespace reticle::economics
