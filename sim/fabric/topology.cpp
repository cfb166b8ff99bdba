#include "sim/fabric/topology.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>

#include "schema/errors.h"
#include "schema/scope.h"
#include "sim/fabric/picoseconds.h"

namespace reticle::fabric {
namespace {

bool holds(Scope scope, const Placement& at, std::int64_t a, std::int64_t b) {
  switch (scope) {
    case SCOPE_PACKAGE:
      return at.package(a) == at.package(b);
    case SCOPE_NODE:
      return at.node(a) == at.node(b);
    case SCOPE_RAIL:
      return at.place(a) == at.place(b);
    case SCOPE_SYSTEM:
      return true;
    default:
      return false;
  }
}

std::size_t slot(std::int64_t index) { return static_cast<std::size_t>(index); }

// The share of the tier's rate that a fault leaves where it applies.
double share_left(const Fault& fault, const Tier& tier) {
  const double planes = std::max(1U, tier.planes());
  return fault.rate_left() * std::max(0.0, planes - fault.planes_down()) / planes;
}

}  // namespace

bool uneven(const System& system) {
  return std::any_of(system.faults().begin(), system.faults().end(), [](const Fault& fault) {
    return fault.has_die() || fault.has_node() || fault.missing();
  });
}

Topology::Topology(const System& system, const Placement& placement, Grouping grouping)
    : name_(system.name()),
      faults_(system.faults().begin(), system.faults().end()),
      fabric_(system.fabric()),
      placement_(placement),
      grouped_(grouping == Grouping::kOneForAll),
      links_(slot(system.fabric().tiers_size())) {
  for (int i = 1; i < fabric_.tiers_size(); ++i) {
    if (reach(fabric_.tiers(i).scope()) <= reach(fabric_.tiers(i - 1).scope())) {
      throw UsageError("system `" + name_ + "`: tier `" + fabric_.tiers(i).name() +
                       "` does not reach further than `" + fabric_.tiers(i - 1).name() +
                       "` before it (tiers go from the inside out)");
    }
  }
  for (std::size_t i = 0; i < tiers(); ++i) {
    add_tier_links(i);
  }
  share_ports();
}

std::int64_t Topology::latency_ps(std::size_t index) const {
  return picoseconds(tier(index).latency());
}

// A resource that is down keeps its rate: nothing is routed over it.
template <class Capacity>
std::size_t Topology::add(const std::string& name, std::int64_t copies, Capacity capacity) {
  const std::size_t first = resources_.size();
  for (std::int64_t i = 0; i < copies; ++i) {
    resources_.push_back({grouped_ ? name : name + " " + std::to_string(i), capacity(i)});
  }
  return first;
}

// What faults leave of a rank's links of a tier.
double Topology::rank_share(std::size_t index, std::int64_t rank) const {
  double share = 1;
  for (const Fault& fault : faults_) {
    const bool here = fault.has_die() ? !grouped_ && fault.die() == placement_.die(rank)
                                      : !fault.has_node() && !fault.missing();
    if (here && fault.tier() == tier(index).name()) {
      share *= share_left(fault, tier(index));
    }
  }
  return share;
}

double Topology::node_share(std::size_t index, std::int64_t node) const {
  double share = 1;
  for (const Fault& fault : faults_) {
    const bool here =
        fault.has_node() ? !grouped_ && fault.node() == node : !fault.has_die() && !fault.missing();
    if (here && fault.tier() == tier(index).name()) {
      share *= share_left(fault, tier(index));
    }
  }
  return share;
}

bool Topology::up(std::size_t index, std::int64_t a, std::int64_t b) const {
  return rank_share(index, a) > 0 && rank_share(index, b) > 0 &&
         (!beyond_node(tier(index).scope()) ||
          (node_share(index, placement_.node(a)) > 0 && node_share(index, placement_.node(b)) > 0));
}

void Topology::add_tier_links(std::size_t index) {
  const Tier& t = tier(index);
  Links& links = links_[index];
  const std::int64_t ranks = grouped_ ? 1 : placement_.ranks;
  const auto rate = [&](std::int64_t rank) {
    const double share = rank_share(index, rank);
    return t.bandwidth() * (share > 0 ? share : 1);
  };
  links.inject = add(t.name() + " injection", ranks, rate);
  links.eject = add(t.name() + " ejection", ranks, rate);
  if (t.has_uplink()) {
    const std::int64_t nodes = grouped_ ? 1 : placement_.node(placement_.ranks - 1) + 1;
    const auto up_rate = [&](std::int64_t node) {
      const double share = node_share(index, node);
      return t.uplink() * (share > 0 ? share : 1);
    };
    links.has_uplink = true;
    links.uplink = add(t.name() + " uplink", nodes, up_rate);
    links.downlink = add(t.name() + " downlink", nodes, up_rate);
  }
}

void Topology::share_ports() {
  std::map<std::string, std::vector<std::size_t>> ports;
  for (std::size_t i = 0; i < tiers(); ++i) {
    ports[tier(i).port()].push_back(i);
  }
  const std::int64_t ranks = grouped_ ? 1 : placement_.ranks;
  for (const auto& [port, members] : ports) {
    if (members.size() < 2) {
      continue;
    }
    const auto widest = [&](std::int64_t rank) {
      double rate = 0;
      for (const std::size_t i : members) {
        rate = std::max(rate, resources_[links_[i].inject + slot(rank)].capacity);
      }
      return rate;
    };
    const std::size_t inject = add(port + " port injection", ranks, widest);
    const std::size_t eject = add(port + " port ejection", ranks, widest);
    for (const std::size_t i : members) {
      links_[i].shared = true;
      links_[i].port_inject = inject;
      links_[i].port_eject = eject;
    }
  }
}

std::size_t Topology::tier_between(std::int64_t a, std::int64_t b) const {
  return tier_from(0, a, b);
}

std::size_t Topology::healthy_tier(std::int64_t a, std::int64_t b) const {
  for (std::size_t i = 0; i < tiers(); ++i) {
    if (holds(tier(i).scope(), placement_, a, b)) {
      return i;
    }
  }
  throw UsageError("system `" + name_ + "`: no tier joins ranks " + std::to_string(a) + " and " +
                   std::to_string(b));
}

std::size_t Topology::tier_from(std::size_t first, std::int64_t a, std::int64_t b) const {
  std::size_t i = std::max(first, healthy_tier(a, b));
  while (i < tiers() && !faults_.empty() && !up(i, a, b)) {
    ++i;
  }
  if (i == tiers()) {
    throw UsageError("system `" + name_ + "`: ranks " + std::to_string(a) + " and " +
                     std::to_string(b) + " cannot reach each other: every link that joins them " +
                     "is down (faults)");
  }
  return i;
}

std::optional<std::size_t> Topology::common_way(std::size_t first) const {
  for (std::size_t i = first; i < tiers(); ++i) {
    std::int64_t reached = 0;
    for (std::int64_t rank = 0; rank < placement_.ranks; ++rank) {
      reached += up(i, rank, rank) ? 1 : 0;
    }
    if (reached > 0) {
      return reached == placement_.ranks ? std::optional<std::size_t>(i) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::size_t Topology::network_tier() const {
  return tier_between(0, std::min(placement_.ranks_per_node, placement_.ranks - 1));
}

SideLinks Topology::sender(std::size_t index) const {
  const Links& links = links_[index];
  SideLinks out{{links.inject}, {}};
  if (links.shared) {
    out.of_rank.push_back(links.port_inject);
  }
  if (links.has_uplink) {
    out.of_node.push_back(links.uplink);
  }
  return out;
}

SideLinks Topology::receiver(std::size_t index) const {
  const Links& links = links_[index];
  SideLinks out{{links.eject}, {}};
  if (links.shared) {
    out.of_rank.push_back(links.port_eject);
  }
  if (links.has_uplink) {
    out.of_node.push_back(links.downlink);
  }
  return out;
}

std::vector<PeerGroup> Topology::peers() const {
  std::vector<PeerGroup> groups(tiers());
  for (std::size_t i = 0; i < tiers(); ++i) {
    groups[i].tier = i;
  }
  for (std::int64_t rank = 1; rank < placement_.ranks; ++rank) {
    ++groups[tier_between(0, rank)].peers;
  }
  groups.erase(std::remove_if(groups.begin(), groups.end(),
                              [](const PeerGroup& group) { return group.peers == 0; }),
               groups.end());
  return groups;
}

FlowClass Topology::over(std::size_t index, std::size_t src, std::size_t dst, std::size_t src_node,
                         std::size_t dst_node, double payload, double count, Access access) const {
  const Tier& t = tier(index);
  const Links& links = links_[index];
  FlowClass flow{payload / t.wire_share(), count, {}, std::nullopt};
  flow.uses = {{links.inject + src, 1}, {links.eject + dst, 1}};
  if (links.shared) {
    flow.uses.push_back({links.port_inject + src, 1});
    flow.uses.push_back({links.port_eject + dst, 1});
  }
  if (links.has_uplink) {
    // Where one rank stands for all, its flows cross the uplink together with its neighbours'.
    const std::int64_t together =
        grouped_ ? std::min(placement_.ranks, placement_.ranks_per_node) : 1;
    flow.uses.push_back({links.uplink + src_node, static_cast<double>(together)});
    flow.uses.push_back({links.downlink + dst_node, static_cast<double>(together)});
  }
  const bool read = access == Access::kRead;
  if (read ? t.has_read_pair_cap() : t.has_write_pair_cap()) {
    // Pair rates are measured payload rates.
    flow.cap = (read ? t.read_pair_cap() : t.write_pair_cap()) / t.wire_share();
  }
  return flow;
}

FlowClass Topology::flow(std::int64_t src, std::int64_t dst, double payload, double count,
                         Access access) const {
  return flow_on(tier_between(src, dst), src, dst, payload, count, access);
}

FlowClass Topology::flow_on(std::size_t index, std::int64_t src, std::int64_t dst, double payload,
                            double count, Access access) const {
  if (grouped_) {
    throw std::logic_error("one rank stands for all: there are no pairs");
  }
  return over(index, slot(src), slot(dst), slot(placement_.node(src)), slot(placement_.node(dst)),
              payload, count, access);
}

FlowClass Topology::flow_of_all(std::size_t index, double payload, double count,
                                Access access) const {
  if (!grouped_) {
    throw std::logic_error("every rank has its own ports: name the pair");
  }
  return over(index, 0, 0, 0, 0, payload, count, access);
}

}  // namespace reticle::fabric
