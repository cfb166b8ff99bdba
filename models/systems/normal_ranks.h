#pragma once

#include "models/systems/rank_transfer.h"

namespace reticle::systems {

// normal_transfer with every rank by itself: a rank is needed by as many tokens as its share of all
// rows makes likely, and links are as faults leave them. In each other node a rank's rows go to the
// member of its place, counted over the members that are there.
RankTransfers normal_ranks(const fabric::Topology& every_rank, const Transfers& transfers,
                           const MoeTransfer& op, Direction direction, const RankShares& shares);

}  // namespace reticle::systems
