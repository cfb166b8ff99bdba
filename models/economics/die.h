#pragma once

#include "models/economics/yield.h"
#include "schema/chip.pb.h"
#include "schema/process.pb.h"

namespace reticle::economics {

DieDesign die_design(const Die& die);

// Exact placement of the die on the process's wafer. The slow part of a die's cost: it depends on
// no uncertain number, so do it once.
int dies_per_wafer(const Die& die, const Process& process);

struct DieCost {
  double yield = 0;         // sellable share of the dies on a wafer
  double usd_per_good = 0;  // (wafer + wafer test) / (dies per wafer * yield)
};

DieCost die_cost(const Die& die, const Process& process, int dies_per_wafer);

}  // namespace reticle::economics
