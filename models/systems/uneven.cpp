#include "models/systems/uneven.h"

#include <algorithm>
#include <numeric>

#include "models/systems/group_plan.h"
#include "sim/fabric/symmetry.h"

namespace reticle::systems {
namespace {

Uneven run(const fabric::Topology& every_rank, const std::vector<fabric::FlowClass>& flows) {
  const fabric::Outcome outcome = fabric::run_merged(every_rank.resources(), flows);
  Uneven out;
  out.finish_ps = outcome.finish_ps;
  if (outcome.last) {
    const auto& bound = outcome.classes[*outcome.last].bound;
    out.bound_resource = bound ? every_rank.resources()[*bound].name : "pair";
  }
  for (std::size_t r = 0; r < outcome.resources.size(); ++r) {
    const double share = static_cast<double>(outcome.resources[r].busy_ps) /
                         static_cast<double>(std::max<std::int64_t>(1, out.finish_ps));
    if (share > out.busiest_share) {
      out.busiest_share = share;
      out.busiest = every_rank.resources()[r].name;
    }
  }
  return out;
}

}  // namespace

Uneven run_pairs(const fabric::Topology& every_rank, Pattern pattern,
                 const std::vector<Leg>& legs) {
  GroupPlan plan;
  plan.ranks.resize(static_cast<std::size_t>(every_rank.placement().ranks));
  std::iota(plan.ranks.begin(), plan.ranks.end(), 0);
  plan.pattern = pattern;
  plan.legs = legs;
  plan.packed = every_rank.placement();
  plan.packed.dies.clear();
  std::vector<double> wire;
  for (const Leg& leg : legs) {
    wire.push_back(leg.payload / every_rank.tier(leg.tier).wire_share());
  }
  return run(every_rank, pair_flows(plan, every_rank, wire));
}

}  // namespace reticle::systems
