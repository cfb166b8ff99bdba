#include "models/systems/uneven.h"

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
