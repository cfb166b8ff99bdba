#include "models/systems/network.h"

#include <algorithm>

namespace reticle::systems {

TierTraffic traffic(const Tier& tier, double payload) {
  constexpr double kBitsPerByte = 8;
  TierTraffic out;
  out.tier = tier.name();
  out.payload_bytes = payload;
  out.wire_bytes = out.payload_bytes / tier.wire_share();
  out.energy_j = out.wire_bytes * kBitsPerByte * tier.energy_per_bit();
  return out;
}

double NetworkCost::energy_j() const {
  double sum = 0;
  for (const TierTraffic& tier : tiers) {
    sum += tier.energy_j;
  }
  return sum;
}

double NetworkCost::payload_bytes() const {
  double sum = 0;
  for (const TierTraffic& tier : tiers) {
    sum += tier.payload_bytes;
  }
  return sum;
}

std::string NetworkCost::bound_by() const {
  if (receive_ps > wire_ps && receive_ps > start_ps && receive_ps > latency_ps + barrier_ps) {
    return "hbm";
  }
  if (start_ps > wire_ps && start_ps > latency_ps && start_ps > barrier_ps) {
    return "launch";
  }
  if (wire_ps >= latency_ps && wire_ps >= barrier_ps) {
    return "link";
  }
  return latency_ps >= barrier_ps ? "latency" : "sync";
}

void limit(fabric::FlowClass& flow, const Leg& leg, const Tier& tier) {
  if (leg.cap) {
    const double wire = *leg.cap / tier.wire_share();
    flow.cap = std::min(flow.cap.value_or(wire), wire);
  }
}

NetworkCost push(const fabric::Topology& topology, const std::vector<Leg>& legs) {
  std::vector<fabric::FlowClass> flows;
  NetworkCost out;
  for (const Leg& leg : legs) {
    flows.push_back(topology.flow_of_all(leg.tier, leg.payload, leg.peers, fabric::Access::kWrite));
    limit(flows.back(), leg, topology.tier(leg.tier));
    out.tiers.push_back(traffic(topology.tier(leg.tier), leg.payload * leg.peers));
  }
  const fabric::Outcome outcome = fabric::run_flows(topology.resources(), flows);
  out.wire_ps = outcome.finish_ps;
  std::int64_t arrival = 0;
  for (std::size_t i = 0; i < legs.size(); ++i) {
    const fabric::ClassOutcome& end = outcome.classes[i];
    const std::int64_t at = end.finish_ps + topology.latency_ps(legs[i].tier);
    if (flows[i].bytes > 0 && flows[i].count > 0 && (out.bound_tier.empty() || at > arrival)) {
      arrival = at;
      out.bound_tier = out.tiers[i].tier;
      out.bound_resource = end.bound ? topology.resources()[*end.bound].name : "pair";
    }
  }
  out.latency_ps = std::max<std::int64_t>(0, arrival - out.wire_ps);
  return out;
}

NetworkCost push_to_all(const fabric::Topology& topology, double payload) {
  std::vector<Leg> legs;
  for (const fabric::PeerGroup& group : topology.peers()) {
    legs.push_back({group.tier, payload, static_cast<double>(group.peers), std::nullopt});
  }
  return push(topology, legs);
}

std::int64_t barrier_ps(const fabric::Topology& topology, std::int64_t barriers) {
  const std::vector<fabric::PeerGroup> peers = topology.peers();
  return peers.empty() ? 0 : barriers * topology.latency_ps(peers.back().tier);
}

}  // namespace reticle::systems
