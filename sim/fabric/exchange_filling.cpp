#include "sim/fabric/exchange_filling.h"

#include <algorithm>
#include <limits>

#include "sim/fabric/filling.h"

namespace reticle::fabric {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

std::size_t box_of(Scope scope, const Placement& placement, std::int64_t rank) {
  switch (scope) {
    case SCOPE_PACKAGE:
      return static_cast<std::size_t>(placement.package(rank));
    case SCOPE_NODE:
      return static_cast<std::size_t>(placement.node(rank));
    default:
      return 0;
  }
}

}  // namespace

ExchangeFilling::ExchangeFilling(const Topology& topology, const std::vector<double>& payload,
                                 Toward toward, const std::vector<std::size_t>& ways)
    : topology_(topology),
      ranks_(static_cast<std::size_t>(topology.placement().ranks)),
      tiers_(topology.tiers()),
      ways_(ways),
      group_(ranks_, 0),
      classes_(tiers_ * ranks_) {
  const Placement& placement = topology.placement();
  for (std::size_t rank = 0; rank < ranks_; ++rank) {
    node_.push_back(static_cast<std::size_t>(placement.node(static_cast<std::int64_t>(rank))));
  }
  for (std::size_t tier = 0; tier < tiers_; ++tier) {
    const bool to_own = toward == Toward::kTo;
    own_links_.push_back(to_own ? topology.receiver(ways[tier]) : topology.sender(ways[tier]));
    member_links_.push_back(to_own ? topology.sender(ways[tier]) : topology.receiver(ways[tier]));
    caps_.push_back(topology.flow_on(ways[tier], 0, 0, 1, 1, Access::kWrite).cap);
    for (std::size_t rank = 0; rank < ranks_; ++rank) {
      box_.push_back(
          box_of(topology.tier(tier).scope(), placement, static_cast<std::int64_t>(rank)));
      wire_.push_back(payload[rank] / topology.tier(ways[tier]).wire_share());
    }
  }
  count_members(0);
  for (std::size_t tier = 0; tier < tiers_; ++tier) {
    for (std::size_t own = 0; own < ranks_; ++own) {
      Class& one = at(0, tier, own);
      one.left = wire_[tier * ranks_ + own];
      one.active = one.members > 0 && one.left > 0;
      active_classes_ += one.active ? 1 : 0;
    }
  }
}

std::size_t ExchangeFilling::tier_of(std::size_t a, std::size_t b) const {
  std::size_t tier = 0;
  while (tier + 1 < tiers_ && box(tier, a) != box(tier, b)) {
    ++tier;
  }
  return tier;
}

// Members of a group in own's box of the tier, less those in the box inside it.
void ExchangeFilling::count_members(std::size_t group) {
  for (std::size_t tier = 0; tier < tiers_; ++tier) {
    std::vector<double> inside(ranks_, 0);
    std::vector<double> closer(ranks_, 0);
    for (std::size_t rank = 0; rank < ranks_; ++rank) {
      if (group_[rank] == group) {
        ++inside[box(tier, rank)];
        ++closer[inner_box(tier, rank)];
      }
    }
    for (std::size_t own = 0; own < ranks_; ++own) {
      at(group, tier, own).members = inside[box(tier, own)] - closer[inner_box(tier, own)];
    }
  }
}

// Sums of a value of the classes that each rank takes part in as a member, [tier][rank].
template <class Value>
std::vector<double> ExchangeFilling::by_member(Value value) const {
  std::vector<double> out(tiers_ * ranks_, 0);
  std::vector<double> inside(ranks_);
  std::vector<double> closer(ranks_);
  for (std::size_t group = 0; group < groups_; ++group) {
    for (std::size_t tier = 0; tier < tiers_; ++tier) {
      std::fill(inside.begin(), inside.end(), 0);
      std::fill(closer.begin(), closer.end(), 0);
      for (std::size_t own = 0; own < ranks_; ++own) {
        const double one = value(at(group, tier, own), tier, own);
        inside[box(tier, own)] += one;
        closer[inner_box(tier, own)] += one;
      }
      for (std::size_t rank = 0; rank < ranks_; ++rank) {
        if (group_[rank] == group) {
          out[tier * ranks_ + rank] = inside[box(tier, rank)] - closer[inner_box(tier, rank)];
        }
      }
    }
  }
  return out;
}

// Sums of a value of the flows that cross each resource.
template <class Value>
std::vector<double> ExchangeFilling::by_resource(Value value) const {
  std::vector<double> out(topology_.resources().size(), 0);
  const auto add = [&](const SideLinks& links, std::size_t rank, double amount) {
    for (const std::size_t first : links.of_rank) {
      out[first + rank] += amount;
    }
    for (const std::size_t first : links.of_node) {
      out[first + node_[rank]] += amount;
    }
  };
  const std::vector<double> members = by_member(value);
  for (std::size_t tier = 0; tier < tiers_; ++tier) {
    for (std::size_t rank = 0; rank < ranks_; ++rank) {
      add(member_links_[tier], rank, members[tier * ranks_ + rank]);
      double own = 0;
      for (std::size_t group = 0; group < groups_; ++group) {
        const Class& one = at(group, tier, rank);
        own += one.members * value(one, tier, rank);
      }
      add(own_links_[tier], rank, own);
    }
  }
  return out;
}

// The level at which each resource is full if every rising class keeps rising.
void ExchangeFilling::find_levels() {
  const auto rising = [](const Class& one, std::size_t, std::size_t) {
    return one.rising ? 1.0 : 0.0;
  };
  rising_sums_ = by_member(rising);
  const std::vector<double> load = by_resource(rising);
  const std::vector<double> taken = by_resource([](const Class& one, std::size_t, std::size_t) {
    return one.active && !one.rising ? one.rate : 0.0;
  });
  levels_.assign(load.size(), kNever);
  for (std::size_t r = 0; r < load.size(); ++r) {
    if (load[r] > 0) {
      levels_[r] = std::max(0.0, topology_.resources()[r].capacity - taken[r]) / load[r];
    }
  }
}

double ExchangeFilling::lowest_level() const {
  double lowest = *std::min_element(levels_.begin(), levels_.end());
  for (std::size_t i = 0; i < classes_.size(); ++i) {
    const std::optional<double>& cap = caps_[i / ranks_ % tiers_];
    if (classes_[i].rising && cap) {
      lowest = std::min(lowest, *cap);
    }
  }
  return lowest;
}

std::optional<std::size_t> ExchangeFilling::full(const SideLinks& links, std::size_t rank,
                                                 double level) const {
  for (const std::size_t first : links.of_rank) {
    if (levels_[first + rank] <= level) {
      return first + rank;
    }
  }
  for (const std::size_t first : links.of_node) {
    if (levels_[first + node_[rank]] <= level) {
      return first + node_[rank];
    }
  }
  return std::nullopt;
}

// Splits the groups of which some members' links are full and others' are not.
bool ExchangeFilling::split_mixed(double level) {
  for (std::size_t tier = 0; tier < tiers_; ++tier) {
    for (std::size_t group = 0; group < groups_; ++group) {
      std::vector<bool> leaves(ranks_, false);
      bool stays = false;
      bool any = false;
      for (std::size_t rank = 0; rank < ranks_; ++rank) {
        if (group_[rank] == group && rising_sums_[tier * ranks_ + rank] > 0) {
          leaves[rank] = full(member_links_[tier], rank, level).has_value();
          any = any || leaves[rank];
          stays = stays || !leaves[rank];
        }
      }
      if (any && stays) {
        split(group, leaves);
        return true;
      }
    }
  }
  return false;
}

void ExchangeFilling::split(std::size_t group, const std::vector<bool>& leaves) {
  const std::vector<Class> copy(
      classes_.begin() + static_cast<std::ptrdiff_t>(group * tiers_ * ranks_),
      classes_.begin() + static_cast<std::ptrdiff_t>((group + 1) * tiers_ * ranks_));
  classes_.insert(classes_.end(), copy.begin(), copy.end());
  for (std::size_t rank = 0; rank < ranks_; ++rank) {
    group_[rank] = leaves[rank] ? groups_ : group_[rank];
  }
  ++groups_;
  count_members(group);
  count_members(groups_ - 1);
  active_classes_ = 0;
  for (Class& one : classes_) {
    one.active = one.active && one.members > 0;
    active_classes_ += one.active ? 1 : 0;
  }
}

void ExchangeFilling::share() {
  for (bool fresh = true; fresh;) {
    fresh = false;
    for (Class& one : classes_) {
      one.rising = one.active;
    }
    while (!fresh && std::any_of(classes_.begin(), classes_.end(),
                                 [](const Class& one) { return one.rising; })) {
      find_levels();
      const double level = lowest_level();
      fresh = split_mixed(level + level * kTie);
      if (!fresh) {
        freeze(level);
      }
    }
  }
}

void ExchangeFilling::freeze(double level) {
  const double tied = level + level * kTie;
  // After split_mixed, the members of a class are all full or none is: one speaks for its group.
  std::vector<std::optional<std::size_t>> member_full(groups_ * tiers_);
  for (std::size_t tier = 0; tier < tiers_; ++tier) {
    for (std::size_t rank = 0; rank < ranks_; ++rank) {
      if (rising_sums_[tier * ranks_ + rank] > 0) {
        member_full[group_[rank] * tiers_ + tier] = full(member_links_[tier], rank, tied);
      }
    }
  }
  for (std::size_t group = 0; group < groups_; ++group) {
    for (std::size_t tier = 0; tier < tiers_; ++tier) {
      const std::optional<std::size_t>& member = member_full[group * tiers_ + tier];
      for (std::size_t own = 0; own < ranks_; ++own) {
        Class& one = at(group, tier, own);
        if (!one.rising) {
          continue;
        }
        const std::optional<std::size_t> own_full = full(own_links_[tier], own, tied);
        if (own_full || member || (caps_[tier] && *caps_[tier] <= tied)) {
          const std::optional<std::size_t> by = own_full ? own_full : member;
          one.rising = false;
          one.rate = level;
          one.bound_by_member = !own_full && member;
          one.bound = by ? static_cast<std::ptrdiff_t>(*by) : kOwnCap;
        }
      }
    }
  }
}

double ExchangeFilling::to_next_end() const {
  double seconds = kNever;
  for (const Class& one : classes_) {
    if (one.active) {
      seconds = std::min(seconds, one.left / one.rate);
    }
  }
  return seconds;
}

bool ExchangeFilling::advance(double seconds, double now) {
  const double tied = seconds + now * kTie;
  std::vector<bool> freed(topology_.resources().size(), false);
  for (std::size_t i = 0; i < classes_.size(); ++i) {
    Class& one = classes_[i];
    if (!one.active) {
      continue;
    }
    if (one.left / one.rate > tied) {
      one.left -= one.rate * seconds;
      continue;
    }
    one.active = false;
    one.end = now;
    --active_classes_;
    const SideLinks& links = own_links_[i / ranks_ % tiers_];
    for (const std::size_t first : links.of_rank) {
      freed[first + i % ranks_] = true;
    }
    for (const std::size_t first : links.of_node) {
      freed[first + node_[i % ranks_]] = true;
    }
  }
  return std::any_of(classes_.begin(), classes_.end(), [&](const Class& one) {
    return one.active && (one.bound_by_member ||
                          (one.bound != kOwnCap && freed[static_cast<std::size_t>(one.bound)]));
  });
}

ExchangeFilling::End ExchangeFilling::end(std::size_t own, std::size_t other) const {
  const std::size_t tier = tier_of(own, other);
  const Class& one = at(group_[other], tier, own);
  End out;
  out.flows = wire_[tier * ranks_ + own] > 0;
  out.seconds = one.end;
  out.tier = ways_[tier];
  if (one.bound != kOwnCap) {
    out.bound = static_cast<std::size_t>(one.bound);
  }
  if (one.bound_by_member) {  // one member's link spoke for those of all
    for (const std::size_t first : member_links_[tier].of_rank) {
      out.bound = *out.bound - first < ranks_ ? first + other : *out.bound;
    }
    for (const std::size_t first : member_links_[tier].of_node) {
      out.bound = *out.bound - first <= node_.back() ? first + node_[other] : *out.bound;
    }
  }
  return out;
}

std::vector<double> ExchangeFilling::wire_bytes() const {
  return by_resource([this](const Class& one, std::size_t tier, std::size_t own) {
    return one.members > 0 ? wire_[tier * ranks_ + own] : 0.0;
  });
}

}  // namespace reticle::fabric
