#include "models/systems/expert_placement.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

namespace reticle::systems {
namespace {

constexpr double kWhole = 1e-9;  // rows that rounding of shares leaves over

std::int64_t round_up(double rows) { return static_cast<std::int64_t>(std::ceil(rows - kWhole)); }

std::size_t count(std::int64_t number) { return static_cast<std::size_t>(number); }

// Slots of each routed expert.
std::vector<std::int64_t> replicas(const SlotContents& contents,
                                   const std::vector<double>& shares) {
  std::vector<std::int64_t> out(shares.size(), 1);
  for (std::int64_t copy = 0; copy < contents.copies; ++copy) {
    std::size_t expert = count(copy) % out.size();
    if (contents.by_load) {
      expert = 0;
      for (std::size_t e = 1; e < out.size(); ++e) {
        const bool heavier = shares[e] / static_cast<double>(out[e]) >
                             shares[expert] / static_cast<double>(out[expert]);
        expert = heavier ? e : expert;
      }
    }
    ++out[expert];
  }
  return out;
}

std::vector<std::vector<std::int64_t>> deal(const std::vector<std::int64_t>& slots,
                                            const SlotContents& contents) {
  const std::vector<double> loads(slots.begin(), slots.end());
  const std::vector<std::size_t> rank_of = place_slots(loads, contents.ranks, contents.by_load);
  std::vector<std::vector<std::int64_t>> out(count(contents.ranks));
  for (std::size_t slot = 0; slot < slots.size(); ++slot) {
    out[rank_of[slot]].push_back(slots[slot]);
  }
  return out;
}

std::vector<std::int64_t> shared_slots(const SlotContents& contents, std::int64_t rows) {
  if (contents.shared == 0) {
    return {};
  }
  return std::vector<std::int64_t>(count(contents.shared),
                                   (rows + contents.shared - 1) / contents.shared);
}

}  // namespace

std::vector<std::size_t> place_slots(const std::vector<double>& loads, std::int64_t ranks,
                                     bool by_load) {
  const std::size_t slots = loads.size() / count(ranks);
  std::vector<std::size_t> out(loads.size());
  if (!by_load) {
    for (std::size_t i = 0; i < loads.size(); ++i) {
      out[i] = i / slots;
    }
    return out;
  }
  std::vector<std::size_t> order(loads.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return loads[a] > loads[b]; });
  std::set<std::pair<double, std::size_t>> open;  // load so far, rank
  for (std::size_t rank = 0; rank < count(ranks); ++rank) {
    open.emplace(0, rank);
  }
  std::vector<std::size_t> held(count(ranks), 0);
  for (const std::size_t slot : order) {
    const auto [load, rank] = *open.begin();
    open.erase(open.begin());
    out[slot] = rank;
    if (++held[rank] < slots) {
      open.emplace(load + loads[slot], rank);
    }
  }
  return out;
}

std::vector<std::vector<std::int64_t>> rows_by_rank(const SlotContents& contents,
                                                    const std::vector<double>& shares,
                                                    std::int64_t routed_rows,
                                                    std::int64_t shared_rows) {
  const std::vector<std::int64_t> slots_of = replicas(contents, shares);
  std::vector<std::int64_t> slots;
  std::vector<std::int64_t> copies;
  for (std::size_t e = 0; e < shares.size(); ++e) {
    const std::int64_t rows =
        round_up(shares[e] * static_cast<double>(routed_rows) / static_cast<double>(slots_of[e]));
    slots.push_back(rows);
    copies.insert(copies.end(), count(slots_of[e] - 1), rows);
  }
  const std::vector<std::int64_t> shared = shared_slots(contents, shared_rows);
  slots.insert(slots.end(), copies.begin(), copies.end());
  slots.insert(slots.end(), shared.begin(), shared.end());
  return deal(slots, contents);
}

std::vector<std::vector<std::int64_t>> rows_on_rank_0(const SlotContents& contents,
                                                      std::int64_t routed_rows,
                                                      std::int64_t shared_rows) {
  const std::int64_t all = contents.routed + contents.copies + contents.shared;
  const std::int64_t each = all / contents.ranks;
  std::vector<std::int64_t> slots(count(all - contents.shared), 0);
  std::fill_n(slots.begin(), std::min(count(each), slots.size()), (routed_rows + each - 1) / each);
  const std::vector<std::int64_t> shared = shared_slots(contents, shared_rows);
  slots.insert(slots.end(), shared.begin(), shared.end());
  SlotContents in_order = contents;
  in_order.by_load = false;
  return deal(slots, in_order);
}

}  // namespace reticle::systems
