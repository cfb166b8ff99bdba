#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "schema/rank_graph.h"

namespace reticle::systems {

// What one rank may do next: nodes whose dependencies have ended, compute one at a time.
class RankQueue {
 public:
  // InputError for a dependency on a node that is not there.
  RankQueue(const RankGraph& graph, std::uint32_t rank, const std::string& where);

  // Communication that has become ready since the last call, in recorded order.
  std::vector<std::uint32_t> take_communication();

  // The next compute node, which then runs; none if one is running or nothing is ready.
  std::optional<std::uint32_t> start_compute();

  void compute_ended() { computing_ = false; }
  void ended(std::uint32_t node);

  // InputError if some nodes never became ready.
  void require_all_ended(const std::string& where) const;

 private:
  void ready(std::uint32_t node);

  const RankGraph& graph_;
  std::uint32_t rank_;
  std::vector<std::uint32_t> waiting_for_;  // dependencies that have not ended
  std::vector<std::uint32_t> first_user_;   // in users_, a node's users up to the next node's
  std::vector<std::uint32_t> users_;
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> compute_;
  std::vector<std::uint32_t> communication_;
  bool computing_ = false;
  std::size_t left_;
};

}  // namespace reticle::systems
