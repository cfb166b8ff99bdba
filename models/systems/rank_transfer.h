#pragma once

#include <string>
#include <vector>

#include "models/systems/moe_transfer.h"

namespace reticle::systems {

// A dispatch or combine with every rank by itself, all of them starting together.
struct RankTransfers {
  std::vector<NetworkCost> ranks;
  std::vector<double> received_bytes;  // payload, by rank
  std::vector<double> link_bytes;      // wire bytes over each resource of the topology
  std::size_t slowest = 0;             // rank that ends last
};

// How the ranks take part.
struct RankShares {
  std::vector<double> of_rows;  // share of all rows that goes to each rank's experts
  bool senders_wait = false;    // a rank is not done before its own writes have left, as when its
                                // cores write them
  std::int64_t device_sms = 0;  // as in moe_transfer
};

// As moe_transfer, with the rows of every rank spread over all ranks by `shares`. UsageError as
// there, and for ranks that cannot reach each other.
RankTransfers rank_transfers(const fabric::Topology& every_rank, const Transfers& transfers,
                             const MoeTransfer& op, Direction direction, const RankShares& shares);

}  // namespace reticle::systems
