#include "models/economics/yield_report.h"

#include "models/economics/die.h"
#include "schema/errors.h"

namespace reticle::economics {
namespace {

DieDesign without_spares(DieDesign design) {
  design.cores_needed = design.cores;
  design.groups_needed = 0;
  design.group_minimum = 0;
  for (SpareBlocks& block : design.blocks) {
    block.needed = block.count;
    block.repairs = 0;
  }
  return design;
}

}  // namespace

std::string definition_of(const Die& die, YieldCounts counts) {
  if (counts == YIELD_COUNTS_PERFECT) {
    return "dies without any defect";
  }
  std::string spares =
      std::to_string(die.cores_needed()) + " of " + std::to_string(die.cores()) + " cores good";
  for (const Block& block : die.blocks()) {
    spares += ", " + std::to_string(block.needed()) + " of " + std::to_string(block.count()) + " " +
              block.name();
  }
  return counts == YIELD_COUNTS_PACKAGED ? "good packages, their dies with " + spares
                                         : "sellable dies: " + spares;
}

std::optional<double> implied_density(const YieldReport& report, const Die& die,
                                      const Process& process, double assembly_yield) {
  if (process.layers_size() > 0) {
    return std::nullopt;
  }
  const DieDesign design =
      report.counts() == YIELD_COUNTS_PERFECT ? without_spares(die_design(die)) : die_design(die);
  const double yield =
      report.counts() == YIELD_COUNTS_PACKAGED ? report.yield() / assembly_yield : report.yield();
  try {
    return defect_density(design, yield, defects(process));
  } catch (const UsageError&) {  // over the systematic yield
    return std::nullopt;
  }
}

}  // namespace reticle::economics
