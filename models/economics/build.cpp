#include "models/economics/build.h"

namespace reticle::economics {

BuiltPackage build_package(const Chip& chip, const Process& process, const DiePlan& plan) {
  BuiltPackage built;
  built.die = die_cost(chip.die(), process, plan);
  built.bill = package_bill(chip.package(), built.die.usd_per_good, built.die.escapes);
  built.cost = package_cost(built.bill);
  return built;
}

double package_carbon(const Chip& chip, const Process& process, const BuiltPackage& built) {
  const Package& package = chip.package();
  return (package.dies() * die_carbon(chip.die(), process, built.die.yield) + package.carbon() +
          package.hbm_stacks() * package.hbm_stack_carbon()) /
         assembly_yield(built.bill);
}

MachineBill build_machine(const PackageCost& package, const NodeCost& node, double packages,
                          double nodes) {
  const double bought = packages * (1 + node.spare_share());
  const double mounted = bought / node.board_yield();
  MachineBill bill;
  bill.dies = mounted * package.dies;
  bill.hbm = mounted * package.hbm;
  bill.packaging_and_test = mounted * package.packaging_and_test();
  bill.boards = mounted * node.board_per_package();
  bill.host = nodes * (1 + node.spare_share()) * (node.host() + node.rack_per_node());
  bill.network = bought * node.network_per_package();
  return bill;
}

}  // namespace reticle::economics
