#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace reticle::traces {

struct TopologicalOrder {
  std::vector<std::uint32_t> order;  // every node after those it waits for, else by index
  std::vector<std::uint32_t> cycle;  // if there is one: nodes that each wait for the next
};

// `waits_for[i]`: the nodes that node i waits for.
TopologicalOrder topological_order(const std::vector<std::vector<std::uint32_t>>& waits_for);

}  // namespace reticle::traces
