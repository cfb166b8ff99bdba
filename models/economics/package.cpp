#include "models/economics/package.h"

#include <cmath>

namespace reticle::economics {
namespace {

double material(const std::vector<Parts>& parts) {
  double sum = 0;
  for (const Parts& part : parts) {
    sum += part.count * part.unit_cost;
  }
  return sum;
}

double attach_yield(const std::vector<Parts>& parts) {
  double yield = 1;
  for (const Parts& part : parts) {
    for (int i = 0; i < part.count; ++i) {
      yield *= part.attach_yield;
    }
  }
  return yield;
}

// Of one module out of as many equal ones.
double a_module(double yield, int modules) {
  return modules == 1 ? yield : std::pow(yield, 1.0 / modules);
}

double last_stage(const PackageBill& bill) {
  return std::pow(bill.module_attach_yield, bill.modules) * bill.final_yield * bill.good_dies;
}

bool chip_last(const PackageBill& bill) { return bill.assembly != ASSEMBLY_CHIP_FIRST; }

double interposers_lost(const PackageBill& bill) {
  return chip_last(bill) ? 1 : std::pow(bill.interposer_yield, bill.modules);
}

}  // namespace

double cost_per_good(const std::vector<Stage>& stages) {
  double cost = 0;
  for (const Stage& stage : stages) {
    cost = (cost + stage.material + stage.test) / stage.yield;
  }
  return cost;
}

double hbm_stack_usd(const Package& package) {
  if (!package.has_hbm_stack()) {
    return package.hbm_stack_cost();
  }
  const HbmStack& stack = package.hbm_stack();
  std::vector<Stage> line(stack.layers(), {stack.dram_die_cost(), 0, stack.layer_yield()});
  line.front().material += stack.base_die_cost();
  line.push_back({0, stack.test_cost(), 1});
  return cost_per_good(line);
}

PackageBill package_bill(const Package& package, double usd_per_good_die, double escapes) {
  PackageBill bill;
  bill.dies = {{static_cast<int>(package.dies()), usd_per_good_die, package.die_attach_yield()}};
  bill.hbm = {
      {static_cast<int>(package.hbm_stacks()), hbm_stack_usd(package), package.hbm_attach_yield()}};
  bill.interposer = package.interposer_cost();
  bill.substrate = package.substrate_cost();
  bill.test = package.test_cost();
  bill.final_yield = package.final_yield();
  bill.modules = static_cast<int>(package.modules());
  bill.module_attach_yield = package.module_attach_yield();
  bill.interposer_yield = package.interposer_yield();
  bill.good_dies = std::pow(1 - escapes, package.dies());
  bill.assembly = package.assembly();
  return bill;
}

double assembly_yield(const PackageBill& bill) {
  return attach_yield(bill.dies) * attach_yield(bill.hbm) * interposers_lost(bill) *
         last_stage(bill);
}

PackageCost package_cost(const PackageBill& bill) {
  double die_stage = a_module(attach_yield(bill.dies) * interposers_lost(bill), bill.modules);
  double hbm_stage = a_module(attach_yield(bill.hbm), bill.modules);
  double end = last_stage(bill);
  if (bill.assembly == ASSEMBLY_COMMITTED_FIRST) {
    end = assembly_yield(bill);
    die_stage = hbm_stage = 1;
  }
  const double interposer =
      chip_last(bill) ? bill.interposer / bill.interposer_yield : bill.interposer;
  // The cost of a good package is a sum over materials, so each part runs down the line alone.
  const auto share = [&](double on_interposer, double beside, double at_the_end, double test) {
    return cost_per_good(
        {{on_interposer, 0, die_stage}, {beside, 0, hbm_stage}, {at_the_end, test, end}});
  };
  return {share(material(bill.dies), 0, 0, 0), share(0, material(bill.hbm), 0, 0),
          share(interposer, 0, 0, 0), share(0, 0, bill.substrate, bill.test)};
}

}  // namespace reticle::economics
