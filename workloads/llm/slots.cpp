#include "workloads/llm/slots.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <utility>

namespace reticle::llm {
namespace {

std::int64_t divide_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

std::vector<std::int64_t> all_slots(const SlotRows& rows, const Experts& experts,
                                    const ExpertPlacement& placement) {
  std::vector<std::int64_t> slots;
  const auto add = [&slots](std::int64_t count, std::int64_t value) {
    slots.insert(slots.end(), static_cast<std::size_t>(count), value);
  };
  add(experts.routed() - placement.redundant(), rows.routed);
  add(2 * placement.redundant(), rows.copied);
  add(placement.shared_slots(), rows.shared);
  std::sort(slots.begin(), slots.end(), std::greater<>());
  return slots;
}

std::int64_t sum(const std::vector<std::int64_t>& rows) {
  std::int64_t total = 0;
  for (const std::int64_t row : rows) {
    total += row;
  }
  return total;
}

}  // namespace

SlotRows slot_rows(const Experts& experts, const ExpertPlacement& placement, std::int64_t tokens,
                   double imbalance) {
  const auto busiest = [imbalance](std::int64_t rows) {
    return static_cast<std::int64_t>(std::ceil(static_cast<double>(rows) * imbalance));
  };
  SlotRows rows;
  rows.routed = busiest(divide_up(tokens * experts.topk(), experts.routed()));
  rows.copied = busiest(divide_up(tokens * experts.topk(), 2 * experts.routed()));
  if (placement.shared_slots() > 0) {
    rows.shared = divide_up(tokens, placement.shared_slots());
  }
  return rows;
}

std::vector<std::int64_t> busiest_rank(const SlotRows& rows, const Experts& experts,
                                       const ExpertPlacement& placement, std::int64_t ranks) {
  std::vector<std::vector<std::int64_t>> held(static_cast<std::size_t>(ranks));
  std::set<std::pair<std::int64_t, std::size_t>> open;  // rows so far, rank
  for (std::size_t rank = 0; rank < held.size(); ++rank) {
    open.emplace(0, rank);
  }
  for (const std::int64_t slot : all_slots(rows, experts, placement)) {
    const auto [load, rank] = *open.begin();
    open.erase(open.begin());
    held[rank].push_back(slot);
    if (static_cast<std::int64_t>(held[rank].size()) < placement.slots_per_rank()) {
      open.emplace(load + slot, rank);
    }
  }
  return *std::max_element(held.begin(), held.end(),
                           [](const auto& a, const auto& b) { return sum(a) < sum(b); });
}

}  // namespace reticle::llm
