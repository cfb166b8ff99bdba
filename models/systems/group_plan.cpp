#include "models/systems/group_plan.h"

#include <algorithm>
#include <optional>

#include "sim/fabric/picoseconds.h"

namespace reticle::systems {
namespace {

constexpr auto kWrite = fabric::Access::kWrite;

// The group as a packed placement, if every member has equal numbers in its package and node.
std::optional<fabric::Placement> alike_placement(const std::vector<std::int32_t>& ranks,
                                                 const fabric::Placement& whole) {
  std::map<std::int64_t, std::int64_t> packages;
  std::map<std::int64_t, std::int64_t> nodes;
  for (const std::int32_t rank : ranks) {
    ++packages[whole.package(rank)];
    ++nodes[whole.node(rank)];
  }
  const auto equal = [](const std::map<std::int64_t, std::int64_t>& members) {
    return std::all_of(members.begin(), members.end(),
                       [&](const auto& entry) { return entry.second == members.begin()->second; });
  };
  if (!equal(packages) || !equal(nodes)) {
    return std::nullopt;
  }
  return fabric::Placement{static_cast<std::int64_t>(ranks.size()), packages.begin()->second,
                           nodes.begin()->second};
}

std::int64_t members_within(Scope scope, const fabric::Placement& packed) {
  switch (scope) {
    case SCOPE_PACKAGE:
      return packed.ranks_per_package;
    case SCOPE_NODE:
      return packed.ranks_per_node;
    default:
      return packed.ranks;
  }
}

// The next member of `place` on a ring in one container of the tier, at the same place inside the
// container of the tier below.
std::int64_t next_place(std::int64_t place, std::size_t tier, const fabric::Topology& topology,
                        const fabric::Placement& packed) {
  const std::int64_t outer = members_within(topology.tier(tier).scope(), packed);
  std::size_t below = tier;  // a rail is no container: it lies across nodes
  while (below > 0 && topology.tier(below - 1).scope() == SCOPE_RAIL) {
    --below;
  }
  const std::int64_t inner =
      below == 0 ? 1 : members_within(topology.tier(below - 1).scope(), packed);
  const std::int64_t base = place / outer * outer;
  return base + (place - base + inner) % outer;
}

// Legs told pair by pair.
class PairFlows {
 public:
  PairFlows(const GroupPlan& plan, const fabric::Topology& topology,
            const std::vector<double>& left)
      : plan_(plan), topology_(topology), left_(left) {}

  // The leg of the tier that joins two members. Where spares stand in for missing dies, members may
  // be further apart than any leg: then the widest.
  std::size_t leg_between(std::int64_t from, std::int64_t to) const {
    const std::size_t tier = topology_.healthy_tier(rank(from), rank(to));
    std::size_t leg = 0;
    while (leg + 1 < plan_.legs.size() && plan_.legs[leg].tier < tier) {
      ++leg;
    }
    return leg;
  }

  void add(std::size_t index, std::int64_t from, std::int64_t to) {
    const Leg& leg = plan_.legs[index];
    const Tier& tier = topology_.tier(leg.tier);
    const std::size_t way = topology_.tier_from(leg.tier, rank(from), rank(to));
    flows_.push_back(
        topology_.flow_on(way, rank(from), rank(to), left_[index] * tier.wire_share(), 1, kWrite));
    if (way == leg.tier) {  // a detour has its own rate
      limit(flows_.back(), leg, tier);
    }
  }

  std::vector<fabric::FlowClass> flows() && { return std::move(flows_); }

 private:
  std::int32_t rank(std::int64_t member) const {
    return plan_.ranks[static_cast<std::size_t>(member)];
  }

  const GroupPlan& plan_;
  const fabric::Topology& topology_;
  const std::vector<double>& left_;
  std::vector<fabric::FlowClass> flows_;
};

}  // namespace

std::shared_ptr<const GroupPlan> GroupPlans::collective(CommType comm, std::int64_t bytes,
                                                        const std::vector<std::int32_t>& ranks) {
  std::shared_ptr<const GroupPlan>& plan = made_[{comm, bytes, ranks}];
  if (!plan) {
    const auto size = static_cast<double>(bytes);
    const auto packed = alike_placement(ranks, topology_.placement());
    plan = std::make_shared<GroupPlan>(ranks.size() < 2 ? GroupPlan{}
                                       : packed         ? alike(comm, size, ranks, *packed)
                                                        : pair_by_pair(comm, size, ranks));
  }
  return plan;
}

std::shared_ptr<const GroupPlan> GroupPlans::message(std::int64_t bytes, std::int32_t from,
                                                     std::int32_t to) {
  const fabric::Placement& whole = topology_.placement();
  std::shared_ptr<const GroupPlan>& plan = made_[{CommType::kSendReceive, bytes, {from, to}}];
  if (!plan) {
    // Timed as a pair of the tier that joins them, run as the one flow it is.
    const bool package = whole.package(from) == whole.package(to);
    const bool node = whole.node(from) == whole.node(to);
    GroupPlan pair = alike(CommType::kSendReceive, static_cast<double>(bytes), {from, to},
                           {2, package ? 2 : 1, node ? 2 : 1});
    const Leg& leg = pair.legs.front();
    pair.flows = pair_flows(pair, topology_, {leg.payload / topology_.tier(leg.tier).wire_share()});
    pair.flows.resize(1);  // there, not back
    pair.legs.clear();
    plan = std::make_shared<GroupPlan>(std::move(pair));
  }
  return plan;
}

GroupPlan GroupPlans::alike(CommType comm, double bytes, const std::vector<std::int32_t>& ranks,
                            const fabric::Placement& packed) const {
  const fabric::Topology one(system_, packed, fabric::Grouping::kOneForAll);
  const CollectivePlan best = quickest(system_, one, comm, bytes);
  GroupPlan out{
      ranks, best.network.start_ps, best.network.latency_ps, best.pattern, best.legs, packed, {},
      {}};
  std::vector<fabric::FlowClass> flows;
  for (const Leg& leg : out.legs) {
    flows.push_back(one.flow_of_all(leg.tier, leg.payload, leg.peers, kWrite));
    limit(flows.back(), leg, one.tier(leg.tier));
  }
  out.alone = fabric::run_flows(one.resources(), flows);
  return out;
}

GroupPlan GroupPlans::pair_by_pair(CommType comm, double bytes,
                                   const std::vector<std::int32_t>& ranks) const {
  const auto count = static_cast<double>(ranks.size());
  GroupPlan out;
  out.ranks = ranks;
  std::size_t widest = 0;
  const auto add = [&](std::int32_t from, std::int32_t to, double payload) {
    widest = std::max(widest, topology_.tier_between(from, to));
    out.flows.push_back(topology_.flow(from, to, payload, 1, kWrite));
  };
  if (comm == CommType::kAllToAll) {
    for (const std::int32_t from : ranks) {
      for (const std::int32_t to : ranks) {
        if (from != to) {
          add(from, to, bytes / count);
        }
      }
    }
    out.latency_ps = topology_.latency_ps(widest);
    return out;
  }
  const double rounds = comm == CommType::kAllReduce ? 2 : comm == CommType::kBarrier ? 0 : 1;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    add(ranks[i], ranks[(i + 1) % ranks.size()], rounds * bytes * (count - 1) / count);
  }
  const double steps = std::max(1.0, rounds * (count - 1));
  out.latency_ps = static_cast<std::int64_t>(steps) * topology_.latency_ps(widest);
  return out;
}

std::vector<fabric::FlowClass> pair_flows(const GroupPlan& plan, const fabric::Topology& every_rank,
                                          const std::vector<double>& left) {
  if (!plan.flows.empty()) {
    return plan.flows;
  }
  PairFlows out(plan, every_rank, left);
  const auto members = static_cast<std::int64_t>(plan.ranks.size());
  for (std::int64_t from = 0; from < members; ++from) {
    if (plan.pattern == Pattern::kNext) {
      for (std::size_t leg = 0; leg < plan.legs.size(); ++leg) {
        out.add(leg, from, next_place(from, plan.legs[leg].tier, every_rank, plan.packed));
      }
      continue;
    }
    for (std::int64_t to = 0; to < members; ++to) {
      if (to != from) {
        out.add(out.leg_between(from, to), from, to);
      }
    }
  }
  return std::move(out).flows();
}

}  // namespace reticle::systems
