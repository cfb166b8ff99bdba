#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/fabric/topology.h"

namespace reticle::fabric {

// kTo: every other rank sends rank r its bytes, as a dispatch does; kFrom: r sends them to every
// other, as a combine does.
enum class Toward { kTo, kFrom };

struct RankEnds {
  std::int64_t sent_ps = 0;      // its last byte has left
  std::int64_t incoming_ps = 0;  // the last byte for it has left its sender
  std::int64_t received_ps = 0;  // and arrived, after the latency
};

struct ExchangeOutcome {
  std::int64_t finish_ps = 0;  // last byte sent
  std::vector<RankEnds> ranks;
  std::vector<double> bytes;         // wire bytes over each resource of the topology
  std::optional<std::size_t> bound;  // resource that limits the last flow; none: a pair's own cap
};

// An exchange between all ranks in which `payload[r]` bytes go between r and each other rank, all
// at once, under max-min sharing. Flows that differ in the other rank alone are one class for as
// long as no link tells their ranks apart, and split where one does: exact, and a few thousand
// classes instead of 102,080 flows for 320 ranks. Where single ranks are cut off a tier and take
// detours, and where tiers are rails, every pair is a flow. UsageError as Topology::tier_from.
ExchangeOutcome run_exchange(const Topology& every_rank, const std::vector<double>& payload,
                             Toward toward);

// The same, always pair by pair.
ExchangeOutcome run_exchange_in_pairs(const Topology& every_rank,
                                      const std::vector<double>& payload, Toward toward);

}  // namespace reticle::fabric
