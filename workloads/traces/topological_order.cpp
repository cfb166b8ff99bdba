#include "workloads/traces/topological_order.h"

#include <algorithm>
#include <functional>
#include <queue>

namespace reticle::traces {
namespace {

// Every node left has a node left that it waits for: following those ends in a circle.
std::vector<std::uint32_t> find_cycle(const std::vector<std::vector<std::uint32_t>>& waits_for,
                                      const std::vector<std::uint32_t>& waiting) {
  const auto left = [&](std::uint32_t node) { return waiting[node] > 0; };
  std::uint32_t node = 0;
  while (!left(node)) {
    ++node;
  }
  std::vector<std::uint32_t> path;
  std::vector<bool> seen(waits_for.size(), false);
  while (!seen[node]) {
    seen[node] = true;
    path.push_back(node);
    node = *std::find_if(waits_for[node].begin(), waits_for[node].end(), left);
  }
  return {std::find(path.begin(), path.end(), node), path.end()};
}

}  // namespace

TopologicalOrder topological_order(const std::vector<std::vector<std::uint32_t>>& waits_for) {
  const std::size_t n = waits_for.size();
  std::vector<std::uint32_t> waiting(n);
  std::vector<std::vector<std::uint32_t>> next(n);
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> ready;
  for (std::uint32_t i = 0; i < n; ++i) {
    waiting[i] = static_cast<std::uint32_t>(waits_for[i].size());
    for (const std::uint32_t other : waits_for[i]) {
      next[other].push_back(i);
    }
    if (waiting[i] == 0) {
      ready.push(i);
    }
  }
  TopologicalOrder out;
  while (!ready.empty()) {
    const std::uint32_t node = ready.top();
    ready.pop();
    out.order.push_back(node);
    for (const std::uint32_t other : next[node]) {
      if (--waiting[other] == 0) {
        ready.push(other);
      }
    }
  }
  if (out.order.size() < n) {
    out.cycle = find_cycle(waits_for, waiting);
  }
  return out;
}

}  // namespace reticle::traces
