#include "models/economics/basis.h"
#include "study/retarget/retarget.h"

namespace reticle::study {

void add_cost(const CostSubject& machine, std::int64_t ranks_per_package, Retargeted& result) {
  constexpr double kPsPerHour = 3600e12;
  economics::Deployment d = machine.machine;
  const auto each = static_cast<std::int64_t>(d.system.message.packages_per_node());
  d.packages = (result.ranks + ranks_per_package - 1) / ranks_per_package;
  d.nodes = (d.packages + each - 1) / each;
  d.watts_per_package = result.power.power_w * static_cast<double>(ranks_per_package);
  const double hours = static_cast<double>(result.simulated_ps) / kPsPerHour;
  for (const economics::Basis basis : economics::kBases) {
    const bool rented = basis == economics::Basis::kRental;
    if (!economics::has_basis(d, basis) || (!rented && !machine.has_site)) {
      continue;
    }
    const economics::DiePlan plan = basis == economics::Basis::kBuild
                                        ? economics::checked_plan(d.chip, *d.process)
                                        : economics::DiePlan();
    result.cost_usd[economics::name_of(basis)] = economics::usd_per_hour(d, basis, plan) * hours;
  }
}

}  // namespace reticle::study
