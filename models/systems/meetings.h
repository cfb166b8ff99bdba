#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/rank_graph.h"

namespace reticle::systems {

// A node of one rank.
struct NodeOfRank {
  std::uint32_t rank = 0;
  std::uint32_t node = 0;
};

// Nodes of several ranks that are one communication: a collective, or a send and its receive
// (members in that order).
struct Meeting {
  Work work = Work::kCollective;
  CommType comm = CommType::kAllReduce;
  std::uint32_t group = 0;
  std::int64_t bytes = 0;
  std::vector<NodeOfRank> members;
};

struct Meetings {
  std::vector<Meeting> all;
  std::vector<std::vector<std::uint32_t>> of_node;  // [rank][node]: in `all`; compute has none
};

constexpr std::uint32_t kNoMeeting = UINT32_MAX;

// Who meets whom (schema/rank_graph.h says how). InputError if the ranks do not agree on a
// collective, a group holds a rank that is not there, or a send or receive has no partner.
Meetings meetings(const RankGraphs& graphs, const std::string& where);

}  // namespace reticle::systems
