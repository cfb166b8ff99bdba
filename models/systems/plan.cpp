#include "models/systems/plan.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "models/systems/tuner.h"
#include "schema/errors.h"
#include "schema/scope.h"
#include "sim/fabric/picoseconds.h"

namespace reticle::systems {
namespace {

bool in_pairs(CommType comm) {
  return comm == CommType::kAllToAll || comm == CommType::kSendReceive;
}

bool only_direct(CommType comm) { return in_pairs(comm) || comm == CommType::kBarrier; }

std::int64_t link_latency_ps(const fabric::Topology& topology, const Algorithm& algorithm) {
  std::int64_t sum = 0;
  for (std::size_t tier = 0; tier < algorithm.hops.size(); ++tier) {
    sum += algorithm.hops[tier] * topology.latency_ps(tier);
  }
  return sum;
}

CollectivePlan bare(const fabric::Topology& topology, const Algorithm& algorithm) {
  CollectivePlan plan{algorithm.name, algorithm.pattern, algorithm.legs, {}, 0};
  plan.network = push(topology, plan.legs);
  plan.network.latency_ps = link_latency_ps(topology, algorithm);
  return plan;
}

// One protocol of a library carrying one algorithm.
class Carried {
 public:
  Carried(const fabric::Topology& topology, const CollectiveLibrary& library,
          const Protocol& protocol, const Algorithm& algorithm, bool in_pairs)
      : topology_(topology),
        library_(library),
        protocol_(protocol),
        algorithm_(algorithm),
        in_pairs_(in_pairs) {}

  CollectivePlan plan() const {
    CollectivePlan out{
        algorithm_.name + "/" + protocol_.name(), algorithm_.pattern, legs(), {}, channels_taken()};
    out.network = push(topology_, out.legs);
    out.network.start_ps = fabric::picoseconds(
        library_.start() + (in_pairs_ ? pair_start() : ring_start()) + staging());
    out.network.latency_ps = fabric::picoseconds(hops() + slice());
    return out;
  }

 private:
  double rate(const Leg& leg) const {
    if (algorithm_.in_switch && leg.cap) {
      return *leg.cap;
    }
    const Tier& tier = topology_.tier(leg.tier);
    return tier.bandwidth() * tier.wire_share() * protocol_.payload_share();
  }

  double peers() const {
    double peers = 0;
    for (const Leg& leg : algorithm_.legs) {
      peers += leg.peers;
    }
    return std::max(1.0, peers);
  }

  // Instead of what sets up a ring or tree.
  double pair_start() const {
    return protocol_.pair_start() + (peers() - 1) * protocol_.peer_start();
  }

  // Small steps need few warps of one channel.
  double ring_start() const {
    return protocol_.start() +
           protocol_.block_start() * std::min(1.0, algorithm_.chunk / protocol_.block());
  }

  double channels_taken() const {
    const double all = library_.channels();
    return in_pairs_
               ? std::min(all, channels() * peers())
               : std::min(all, std::max(1.0, std::ceil(algorithm_.chunk / protocol_.block())));
  }

  // The leg that its tier serves slowest sets the pace of the steps.
  double pace() const {
    double seconds_per_byte = 0;
    double longest = 0;
    for (const Leg& leg : algorithm_.legs) {
      const double seconds = leg.payload * leg.peers / rate(leg);
      if (seconds > longest) {
        longest = seconds;
        seconds_per_byte = 1 / rate(leg);
      }
    }
    return seconds_per_byte;
  }

  // The first or last step of a chunk stays on the rank (copy in or out, last sum) while the
  // channel's link is idle: of steps + 1 only `steps` send.
  double sending_share() const {
    const double sent = algorithm_.steps * pace();
    const double local = protocol_.in_registers() ? pace() : 1 / library_.copy_rate();
    return sent > 0 ? sent / (sent + local) : 1;
  }

  std::vector<Leg> legs() const {
    std::vector<Leg> legs = algorithm_.legs;
    for (Leg& leg : legs) {
      if (!algorithm_.in_switch) {
        const Tier& tier = topology_.tier(leg.tier);
        leg.cap = sending_share() * tier.bandwidth() * tier.wire_share() / leg.peers;
        if (by_channel()) {
          leg.cap = std::min(*leg.cap, channels() * library_.channel_rate());
        } else if (protocol_.has_channel_rate()) {
          leg.cap = std::min(*leg.cap, library_.channels() * protocol_.channel_rate() / leg.peers);
        }
        leg.payload /= protocol_.payload_share();
      }
    }
    return legs;
  }

  // The whole buffer into the library's window, and out of it.
  double staging() const {
    return library_.staged() ? 2 * algorithm_.buffer / library_.copy_rate() : 0;
  }

  bool by_channel() const { return in_pairs_ && library_.has_channel_rate(); }

  // A pair's share of the library's channels, or as many as its message has parts: NCCL gives a
  // send another channel for each 64 KiB (enqueue.cc, addP2pToPlan, recalled).
  double channels() const {
    const double all =
        library_.has_exchange_channels() ? library_.exchange_channels() : library_.channels();
    double most = std::max(1.0, std::floor(all / peers()));
    if (library_.has_pair_channels()) {
      most = std::min<double>(most, library_.pair_channels());
    }
    return library_.has_pair_part()
               ? std::min(most, std::max(1.0, std::ceil(algorithm_.chunk / library_.pair_part())))
               : most;
  }

  // A hop of the node's own links is in the protocol's; a network adds its latency.
  double hops() const {
    double sum = 0;
    for (std::size_t tier = 0; tier < algorithm_.hops.size(); ++tier) {
      const bool beyond = beyond_node(topology_.tier(tier).scope());
      const double hop =
          beyond && protocol_.has_network_hop() ? protocol_.network_hop() : protocol_.hop();
      const double latency = beyond ? topology_.tier(tier).latency() : 0;
      sum += static_cast<double>(algorithm_.hops[tier]) * (hop + latency);
    }
    return sum;
  }

  // The receiver starts when the first slice is whole; a pair's channels have one each on the way.
  // On a ring all ranks send at once: what a rank passes on has come while it sent.
  double slice() const {
    if (algorithm_.name == "ring") {
      return 0;
    }
    if (by_channel()) {
      return std::min(protocol_.slice(), algorithm_.chunk / channels()) / library_.channel_rate();
    }
    return std::min(protocol_.slice() * library_.channels(), algorithm_.chunk) * pace();
  }

  const fabric::Topology& topology_;
  const CollectiveLibrary& library_;
  const Protocol& protocol_;
  const Algorithm& algorithm_;
  bool in_pairs_;
};

bool offers(const CollectiveLibrary& library, const Algorithm& algorithm) {
  const auto& names = library.algorithms();
  return std::find(names.begin(), names.end(), algorithm.name) != names.end();
}

const CollectivePlan& least(const std::vector<CollectivePlan>& all,
                            const std::function<double(const CollectivePlan&)>& cost) {
  const CollectivePlan* best = &all.front();
  double lowest = cost(*best);
  for (const CollectivePlan& plan : all) {
    const double now = cost(plan);
    if (now < lowest) {
      best = &plan;
      lowest = now;
    }
  }
  return *best;
}

bool carries(const Protocol& protocol, const Algorithm& algorithm, bool in_pairs) {
  if (protocol.reduces_in_switch() != algorithm.in_switch) {
    return false;
  }
  return !in_pairs || protocol.pair_limit() == 0 || algorithm.chunk <= protocol.pair_limit();
}

}  // namespace

std::vector<CollectivePlan> plans(const System& system, const fabric::Topology& topology,
                                  CommType comm, double bytes) {
  std::vector<CollectivePlan> out;
  for (const Algorithm& algorithm : algorithms(topology, comm, bytes)) {
    if (!system.has_collectives()) {
      if (!algorithm.in_switch) {
        out.push_back(bare(topology, algorithm));
      }
      continue;
    }
    if (!offers(system.collectives(), algorithm) && !only_direct(comm)) {
      continue;
    }
    for (const Protocol& protocol : system.collectives().protocols()) {
      if (carries(protocol, algorithm, in_pairs(comm))) {
        out.push_back(
            Carried(topology, system.collectives(), protocol, algorithm, in_pairs(comm)).plan());
      }
    }
  }
  return out;
}

CollectivePlan quickest(const System& system, const fabric::Topology& topology, CommType comm,
                        double bytes) {
  const std::vector<CollectivePlan> all = plans(system, topology, comm, bytes);
  if (all.empty()) {
    throw UsageError("system `" + system.name() +
                     "`: its collective library has no algorithm and protocol for this collective");
  }
  const bool tuned = system.collectives().has_tuner() && !only_direct(comm);
  const auto ranks = topology.placement().ranks;
  const Members members{ranks, topology.placement().node(ranks - 1) + 1};
  return least(all, [&](const CollectivePlan& plan) {
    return tuned ? guess_seconds(system.collectives().tuner(), plan.algorithm, comm, bytes, members)
                       .value_or(std::numeric_limits<double>::infinity())
                 : static_cast<double>(plan.network.total_ps());
  });
}

}  // namespace reticle::systems
