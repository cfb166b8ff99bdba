#pragma once

#include <vector>

#include "schema/chip.pb.h"

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

// Of a whole package. Its interposers, dies and stacks are split evenly over `modules`.
struct PackageBill {
  std::vector<Parts> dies;  // good dies at their cost
  std::vector<Parts> hbm;
  double interposer = 0;  // all of them
  double substrate = 0;
  double test = 0;
  double final_yield = 1;
  int modules = 1;
  double module_attach_yield = 1;
  double interposer_yield = 1;  // of one
  double good_dies = 1;         // share of packages without a die that escaped wafer test
  Assembly assembly = ASSEMBLY_CHIP_LAST;
};

// USD of one HBM stack: bought, or grown layer by layer where the package says of what.
double hbm_stack_usd(const Package& package);

// The bill of `package` with dies at `usd_per_good_die`, of which `escapes` are bad.
PackageBill package_bill(const Package& package, double usd_per_good_die, double escapes = 0);

// Share of packages started that end up good (chip-last loses no package to an interposer).
double assembly_yield(const PackageBill& bill);

// Cost of one good package; each part includes what is scrapped with it.
struct PackageCost {
  double dies = 0;
  double hbm = 0;
  double interposer = 0;
  double substrate_and_test = 0;
  double packaging_and_test() const { return interposer + substrate_and_test; }
  double total() const { return dies + hbm + packaging_and_test(); }
};

// Stages: dies on the interposer, HBM stacks beside them, modules on the substrate, final test. A
// part is found bad at the end of the stage that spoilt it, and a bad module takes no other with
// it. chip_last buys tested interposers; chip_first loses dies with them; committed_first is one
// stage. A die that escaped wafer test is found in the final test.
PackageCost package_cost(const PackageBill& bill);

}  // namespace reticle::economics
