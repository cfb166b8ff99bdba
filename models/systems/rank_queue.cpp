#include "models/systems/rank_queue.h"

#include <algorithm>
#include <utility>

#include "schema/errors.h"

namespace reticle::systems {
namespace {

std::string at(const std::string& where, std::uint32_t rank, std::uint32_t node) {
  return where + ": rank " + std::to_string(rank) + ", node " + std::to_string(node);
}

}  // namespace

RankQueue::RankQueue(const RankGraph& graph, std::uint32_t rank, const std::string& where)
    : graph_(graph),
      rank_(rank),
      waiting_for_(graph.nodes.size(), 0),
      first_user_(graph.nodes.size() + 1, 0),
      left_(graph.nodes.size()) {
  const auto each = [&](auto&& visit) {
    for (std::uint32_t node = 0; node < graph.nodes.size(); ++node) {
      const GraphNode& n = graph.nodes[node];
      for (std::uint32_t i = 0; i < n.dependencies; ++i) {
        visit(node, graph.dependencies[n.first_dependency + i]);
      }
    }
  };
  each([&](std::uint32_t node, std::uint32_t on) {
    if (on >= graph.nodes.size()) {
      throw InputError(at(where, rank, node) + " waits for node " + std::to_string(on) +
                       ", which is not there");
    }
    ++waiting_for_[node];
    ++first_user_[on + 1];
  });
  for (std::size_t i = 1; i < first_user_.size(); ++i) {
    first_user_[i] += first_user_[i - 1];
  }
  users_.resize(first_user_.back());
  std::vector<std::uint32_t> next(first_user_.begin(), first_user_.end() - 1);
  each([&](std::uint32_t node, std::uint32_t on) { users_[next[on]++] = node; });
  for (std::uint32_t node = 0; node < graph.nodes.size(); ++node) {
    if (waiting_for_[node] == 0) {
      ready(node);
    }
  }
}

void RankQueue::ready(std::uint32_t node) {
  if (graph_.nodes[node].work == Work::kCompute) {
    compute_.push(node);
  } else {
    communication_.push_back(node);
  }
}

std::vector<std::uint32_t> RankQueue::take_communication() {
  std::sort(communication_.begin(), communication_.end());
  return std::exchange(communication_, {});
}

std::optional<std::uint32_t> RankQueue::start_compute() {
  if (computing_ || compute_.empty()) {
    return std::nullopt;
  }
  computing_ = true;
  const std::uint32_t node = compute_.top();
  compute_.pop();
  return node;
}

void RankQueue::ended(std::uint32_t node) {
  --left_;
  for (std::uint32_t i = first_user_[node]; i < first_user_[node + 1]; ++i) {
    if (--waiting_for_[users_[i]] == 0) {
      ready(users_[i]);
    }
  }
}

void RankQueue::require_all_ended(const std::string& where) const {
  if (left_ == 0) {
    return;
  }
  std::uint32_t stuck = 0;
  while (stuck < graph_.nodes.size() && waiting_for_[stuck] == 0) {
    ++stuck;
  }
  if (stuck == graph_.nodes.size()) {
    throw InputError(where + ": rank " + std::to_string(rank_) +
                     ": a communication never gets all its ranks (they wait for each other)");
  }
  throw InputError(at(where, rank_, stuck) +
                   " never becomes ready (its dependencies go in a circle, or wait for ranks that "
                   "wait for this one)");
}

}  // namespace reticle::systems
