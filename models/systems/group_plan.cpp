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
  const std::int64_t inner =
      tier == 0 ? 1 : members_within(topology.tier(tier - 1).scope(), packed);
  const std::int64_t base = place / outer * outer;
  return base + (place - base + inner) % outer;
}

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
    pair.flows = {topology_.flow_on(leg.tier, from, to, leg.payload, 1, kWrite)};
    limit(pair.flows[0], leg, topology_.tier(leg.tier));
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
  std::vector<fabric::FlowClass> flows;
  const auto members = static_cast<std::int64_t>(plan.ranks.size());
  const auto rank = [&](std::int64_t place) { return plan.ranks[static_cast<std::size_t>(place)]; };
  for (std::size_t i = 0; i < plan.legs.size(); ++i) {
    const Leg& leg = plan.legs[i];
    const Tier& tier = every_rank.tier(leg.tier);
    const double payload = left[i] * tier.wire_share();
    const auto add = [&](std::int64_t from, std::int64_t to) {
      flows.push_back(every_rank.flow_on(leg.tier, rank(from), rank(to), payload, 1, kWrite));
      limit(flows.back(), leg, tier);
    };
    for (std::int64_t from = 0; from < members; ++from) {
      if (plan.pattern == Pattern::kNext) {
        add(from, next_place(from, leg.tier, every_rank, plan.packed));
        continue;
      }
      for (std::int64_t to = 0; to < members; ++to) {
        if (to != from && every_rank.tier_between(rank(from), rank(to)) == leg.tier) {
          add(from, to);
        }
      }
    }
  }
  return flows;
}

}  // namespace reticle::systems
