#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "models/systems/plan.h"
#include "schema/rank_graph.h"
#include "schema/system.pb.h"

namespace reticle::systems {

// A collective over some ranks of a machine: what runs on the wires, and the time around it.
struct GroupPlan {
  std::vector<std::int32_t> ranks;
  std::int64_t start_ps = 0;    // before the wires are used
  std::int64_t latency_ps = 0;  // after
  Pattern pattern = Pattern::kAll;
  std::vector<Leg> legs;     // of every rank; empty if the ranks are not alike
  fabric::Placement packed;  // the ranks as the legs see them
  // Alone on the machine: one rank's legs under max-min sharing, all others doing the same.
  fabric::Outcome alone;
  std::vector<fabric::FlowClass> flows;  // where the ranks are not alike: pair by pair
};

// Plans of a replay, each made once. Groups whose members all see the same number of members in
// their package and node are alike, and one member stands for all; a group that is spread unevenly
// runs pair by pair: all-to-all directly, everything else as a ring in the order of ranks, with one
// latency of the widest tier a step.
class GroupPlans {
 public:
  // `every_rank` is the topology of the whole machine (Grouping::kEveryRank).
  GroupPlans(const System& system, const fabric::Topology& every_rank)
      : system_(system), topology_(every_rank) {}

  std::shared_ptr<const GroupPlan> collective(CommType comm, std::int64_t bytes,
                                              const std::vector<std::int32_t>& ranks);
  std::shared_ptr<const GroupPlan> message(std::int64_t bytes, std::int32_t from, std::int32_t to);

 private:
  using Key = std::tuple<CommType, std::int64_t, std::vector<std::int32_t>>;

  GroupPlan alike(CommType comm, double bytes, const std::vector<std::int32_t>& ranks,
                  const fabric::Placement& packed) const;
  GroupPlan pair_by_pair(CommType comm, double bytes, const std::vector<std::int32_t>& ranks) const;

  const System& system_;
  const fabric::Topology& topology_;
  std::map<Key, std::shared_ptr<const GroupPlan>> made_;
};

// The flows of a plan, one a pair of ranks, over the resources of `every_rank`. `left` is what is
// left of one flow of each leg, in wire bytes; for plans pair by pair it is not used.
std::vector<fabric::FlowClass> pair_flows(const GroupPlan& plan, const fabric::Topology& every_rank,
                                          const std::vector<double>& left);

}  // namespace reticle::systems
