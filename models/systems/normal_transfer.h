#pragma once

#include "models/systems/moe_transfer.h"

namespace reticle::systems {

// DeepEP's normal mode: a token goes once to every rank that needs it, however many of its experts
// are there; over nodes once to each node, to the rank of the sender's place, which forwards it
// over the node's links. SMs move the rows, so a rank's rows and bytes also pass through `sms` of
// them. Routing is random (routing.h).
MoeTransferCost normal_transfer(const fabric::Topology& topology, const Transfers& transfers,
                                const MoeTransfer& op, const RowBytes& row, Direction direction,
                                std::int64_t device_sms = 0);

}  // namespace reticle::systems
