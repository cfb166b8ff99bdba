#pragma once

#include <vector>

namespace reticle::economics {

// One step of a production line: adds material, tests, and passes a share of what it got. USD.
struct Stage {
  double material = 0;
  double test = 0;
  double yield = 1;
};

// Cost of one unit that passes every stage: sum_j (M_j + t_j) / prod_{i >= j} y_i.
double cost_per_good(const std::vector<Stage>& stages);

// Identical parts placed one by one; `attach_yield` is that of placing one.
struct Parts {
  int count = 0;
  double unit_cost = 0;
  double attach_yield = 1;
};

struct PackageBill {
  std::vector<Parts> dies;  // good dies at their cost
  std::vector<Parts> hbm;
  double interposer = 0;
  double substrate = 0;
  double test = 0;
  double final_yield = 1;
};

// Share of packages started that end up good.
double assembly_yield(const PackageBill& bill);

// Cost of one good package; each part includes what is scrapped with it.
struct PackageCost {
  double dies = 0;
  double hbm = 0;
  double packaging_and_test = 0;
  double total() const { return dies + hbm + packaging_and_test; }
};

// Three stages: dies on the interposer, HBM stacks beside them, substrate and final test. A package
// is found bad at the end of the stage that spoilt it.
PackageCost package_cost(const PackageBill& bill);

}  // namespace reticle::economics
