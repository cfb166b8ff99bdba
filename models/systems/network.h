#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/fabric/topology.h"

namespace reticle::systems {

// What one rank sends over a tier.
struct TierTraffic {
  std::string tier;
  double payload_bytes = 0;
  double wire_bytes = 0;  // with headers
  double energy_j = 0;    // both ends of the link, so the sum over ranks is the whole
};

// Of `payload` bytes from one rank.
TierTraffic traffic(const Tier& tier, double payload);

// Time and traffic of a network operation, from one rank's view; all ranks start together.
struct NetworkCost {
  std::int64_t start_ps = 0;    // launch and set-up of the library's kernel
  std::int64_t wire_ps = 0;     // until the last byte is sent
  std::int64_t latency_ps = 0;  // from there to the last arrival
  std::int64_t barrier_ps = 0;  // flag exchanges
  std::int64_t receive_ps = 0;  // received rows put in order or summed by SMs, once all are there
  double copied_bytes = 0;      // that SMs move through memory beyond reading and writing rows once
  double cores_share = 0;       // of the device's SMs that it takes from compute, over its time
  std::string bound_tier;       // tier whose flow arrives last; empty if nothing is sent
  std::string bound_resource;   // what limits that flow: an injection, a port, an uplink, `pair`
  std::vector<TierTraffic> tiers;

  std::int64_t total_ps() const {
    return start_ps + wire_ps + latency_ps + barrier_ps + receive_ps;
  }
  double energy_j() const;
  double payload_bytes() const;
  // `link`, `latency`, `sync`, `launch` or `hbm` (received rows copied): the largest of the times.
  std::string bound_by() const;
};

// What every rank sends over one tier: `peers` flows of `payload` bytes.
struct Leg {
  std::size_t tier = 0;
  double payload = 0;
  double peers = 1;
  std::optional<double> cap = std::nullopt;  // B/s of payload, most one of the flows reaches
};

// The leg's cap on a flow of it, where that is the lower one.
void limit(fabric::FlowClass& flow, const Leg& leg, const Tier& tier);

// Every rank pushes its legs at once (writes), under max-min sharing. `topology` groups all ranks
// in one.
NetworkCost push(const fabric::Topology& topology, const std::vector<Leg>& legs);

// `payload` bytes from every rank to every other.
NetworkCost push_to_all(const fabric::Topology& topology, double payload);

// `barriers` all-rank flag exchanges: one latency each of the widest tier the ranks span.
std::int64_t barrier_ps(const fabric::Topology& topology, std::int64_t barriers);

}  // namespace reticle::systems
