#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/fabric/exchange.h"
#include "sim/fabric/topology.h"

namespace reticle::fabric {

// Progressive filling for run_exchange. A class holds the flows between one rank, its `own`, and
// those members of a group of ranks that it meets over one tier. A group is split when a link of
// some members fills up, but not of others.
class ExchangeFilling {
 public:
  // `ways`: the tier that traffic of each tier takes.
  ExchangeFilling(const Topology& topology, const std::vector<double>& payload, Toward toward,
                  const std::vector<std::size_t>& ways);

  bool any_active() const { return active_classes_ > 0; }

  // Max-min fair rates of the classes that are left.
  void share();

  double to_next_end() const;

  // `now` is the time after `seconds` more. Whether a rate may rise now: a class is left that a
  // link bound which a finished one used.
  bool advance(double seconds, double now);

  struct End {
    bool flows = false;  // whether the pair sends anything
    double seconds = 0;
    std::size_t tier = 0;
    std::optional<std::size_t> bound;
  };
  End end(std::size_t own, std::size_t other) const;

  // Wire bytes over each resource, from beginning to end.
  std::vector<double> wire_bytes() const;

 private:
  static constexpr std::ptrdiff_t kOwnCap = -1;

  struct Class {
    double members = 0;
    double left = 0;  // wire bytes of one flow
    double rate = 0;
    double end = 0;
    bool active = false;
    bool rising = false;
    bool bound_by_member = false;    // a link of the members' side holds it
    std::ptrdiff_t bound = kOwnCap;  // resource
  };

  Class& at(std::size_t group, std::size_t tier, std::size_t own) {
    return classes_[(group * tiers_ + tier) * ranks_ + own];
  }
  const Class& at(std::size_t group, std::size_t tier, std::size_t own) const {
    return classes_[(group * tiers_ + tier) * ranks_ + own];
  }
  std::size_t box(std::size_t tier, std::size_t rank) const { return box_[tier * ranks_ + rank]; }
  std::size_t inner_box(std::size_t tier, std::size_t rank) const {
    return tier == 0 ? rank : box(tier - 1, rank);
  }
  std::size_t tier_of(std::size_t a, std::size_t b) const;

  void count_members(std::size_t group);
  template <class Value>
  std::vector<double> by_member(Value value) const;
  template <class Value>
  std::vector<double> by_resource(Value value) const;
  void find_levels();
  double lowest_level() const;
  std::optional<std::size_t> full(const SideLinks& links, std::size_t rank, double level) const;
  bool split_mixed(double level);
  void split(std::size_t group, const std::vector<bool>& leaves);
  void freeze(double level);

  const Topology& topology_;
  std::size_t ranks_;
  std::size_t tiers_;
  std::size_t groups_ = 1;
  std::vector<std::size_t> ways_;
  std::vector<SideLinks> own_links_;     // by tier
  std::vector<SideLinks> member_links_;  // by tier
  std::vector<std::optional<double>> caps_;
  std::vector<double> wire_;         // bytes of one flow, [tier][own]
  std::vector<std::size_t> box_;     // [tier][rank]: package, node, system
  std::vector<std::size_t> node_;    // of a rank
  std::vector<std::size_t> group_;   // of a rank, as a member
  std::vector<Class> classes_;       // [group][tier][own]
  std::vector<double> levels_;       // by resource
  std::vector<double> rising_sums_;  // [tier][member]
  std::size_t active_classes_ = 0;
};

}  // namespace reticle::fabric
