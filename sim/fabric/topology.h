#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schema/system.pb.h"
#include "sim/fabric/max_min.h"

namespace reticle::fabric {

// Ranks in use, packed: a package is filled before the next, a node before the next.
struct Placement {
  std::int64_t ranks = 0;
  std::int64_t ranks_per_package = 1;
  std::int64_t ranks_per_node = 1;
  std::vector<std::int64_t> dies = {};  // of each rank, ascending; empty: rank r is on die r

  std::int64_t die(std::int64_t rank) const {
    return dies.empty() ? rank : dies[static_cast<std::size_t>(rank)];
  }
  std::int64_t package(std::int64_t rank) const { return die(rank) / ranks_per_package; }
  std::int64_t node(std::int64_t rank) const { return die(rank) / ranks_per_node; }
  std::int64_t place(std::int64_t rank) const { return die(rank) % ranks_per_node; }  // in its node
};

// kEveryRank: ports of each rank and uplinks of each node, for any pattern. kOneForAll: one rank's
// ports and one node's uplinks stand for all, exact when every rank does the same.
enum class Grouping { kEveryRank, kOneForAll };

enum class Access { kRead, kWrite };

// Ranks that a rank reaches over one tier.
struct PeerGroup {
  std::size_t tier = 0;
  std::int64_t peers = 0;
};

// First resources of what a tier's flows cross on one side: add the rank, or its node.
struct SideLinks {
  std::vector<std::size_t> of_rank;
  std::vector<std::size_t> of_node;
};

// Whether a fault singles out dies or nodes: ranks are then not alike.
bool uneven(const System& system);

// The tiers of a system as resources, and transfers between ranks as flows over them. A tier gives
// every rank an injection and an ejection resource; a port shared by several tiers is a resource of
// the widest one's bandwidth on top; an `uplink` is a resource a node. Faults of the system lower
// rates; where a link is down, traffic takes the next tier outwards that holds both ranks.
class Topology {
 public:
  // Throws UsageError if the scopes do not widen. kOneForAll sees only faults of a whole tier.
  Topology(const System& system, const Placement& placement, Grouping grouping);

  const std::vector<Resource>& resources() const { return resources_; }
  const Placement& placement() const { return placement_; }
  const Tier& tier(std::size_t index) const { return fabric_.tiers(static_cast<int>(index)); }
  std::size_t tiers() const { return static_cast<std::size_t>(fabric_.tiers_size()); }
  std::int64_t latency_ps(std::size_t index) const;

  // The innermost tier that holds both ranks and is up for them; UsageError if there is none.
  std::size_t tier_between(std::int64_t a, std::int64_t b) const;

  // The same, were nothing broken.
  std::size_t healthy_tier(std::int64_t a, std::int64_t b) const;

  // `tier`, or where it is down for one of them the next outwards.
  std::size_t tier_from(std::size_t tier, std::int64_t a, std::int64_t b) const;

  // The tier that all traffic of `tier` takes: itself, or where it is down the next outwards; none
  // where a fault cuts off single ranks or nodes.
  std::optional<std::size_t> common_way(std::size_t tier) const;

  // The tier between ranks of one place in different nodes: the rail, or the only network there is.
  std::size_t network_tier() const;

  // For kEveryRank: what a flow over the tier crosses at its sender and at its receiver.
  SideLinks sender(std::size_t tier) const;
  SideLinks receiver(std::size_t tier) const;

  // Peers of rank 0 (of any rank, when the nodes are full) by tier, innermost first.
  std::vector<PeerGroup> peers() const;

  // `count` flows of `payload` bytes from src to dst. Bytes on the wire are payload / wire_share.
  FlowClass flow(std::int64_t src, std::int64_t dst, double payload, double count,
                 Access access) const;

  // The same over a tier that the caller names, as for traffic that turns in its switches.
  FlowClass flow_on(std::size_t tier, std::int64_t src, std::int64_t dst, double payload,
                    double count, Access access) const;

  // For kOneForAll: what every rank sends over a tier, as `count` flows to different peers.
  FlowClass flow_of_all(std::size_t tier, double payload, double count, Access access) const;

 private:
  struct Links {  // first resource of each kind; the slot of a rank or node is added
    std::size_t inject = 0, eject = 0, uplink = 0, downlink = 0;
    bool shared = false, has_uplink = false;
    std::size_t port_inject = 0, port_eject = 0;
  };

  template <class Capacity>
  std::size_t add(const std::string& name, std::int64_t copies, Capacity capacity);
  double rank_share(std::size_t tier, std::int64_t rank) const;
  double node_share(std::size_t tier, std::int64_t node) const;
  bool up(std::size_t tier, std::int64_t a, std::int64_t b) const;
  void add_tier_links(std::size_t tier);
  void share_ports();
  FlowClass over(std::size_t tier, std::size_t src, std::size_t dst, std::size_t src_node,
                 std::size_t dst_node, double payload, double count, Access access) const;

  std::string name_;
  std::vector<Fault> faults_;
  Fabric fabric_;
  Placement placement_;
  bool grouped_;
  std::vector<Resource> resources_;
  std::vector<Links> links_;
};

}  // namespace reticle::fabric
