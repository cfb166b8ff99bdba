#pragma once

#include "models/economics/die.h"
#include "models/economics/package.h"
#include "schema/system.pb.h"

namespace reticle::economics {

// A package from its wafer up. No margin anywhere.
struct BuiltPackage {
  DieCost die;
  PackageBill bill;
  PackageCost cost;
};
BuiltPackage build_package(const Chip& chip, const Process& process, const DiePlan& plan);

// kg of CO2e of one good package: its dies, packaging, and the HBM stacks if their carbon is known.
double package_carbon(const Chip& chip, const Process& process, const BuiltPackage& built);

// USD of a machine by part, with what is scrapped when boards are mounted and with its spares.
struct MachineBill {
  double dies = 0;
  double hbm = 0;
  double packaging_and_test = 0;
  double boards = 0;
  double host = 0;  // with its share of the rack
  double network = 0;
  double total() const { return dies + hbm + packaging_and_test + boards + host + network; }
};
MachineBill build_machine(const PackageCost& package, const NodeCost& node, double packages,
                          double nodes);

}  // namespace reticle::economics
