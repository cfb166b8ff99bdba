#pragma once

#include <string>
#include <vector>

#include "schema/operator.pb.h"
#include "schema/software.pb.h"

namespace reticle::llm {

struct LabelledOperator {
  std::string label;
  Operator op;
};

// What the cores of a rank do before a dispatch in kernels of their own: quantise the payload, fill
// the send buffers. Nothing where the transfer's own kernel does it (aiv_direct).
std::vector<LabelledOperator> send_operators(const MoeTransfer& dispatch,
                                             const Transfers& transfers);

// Whether rows arrive by sender (normal mode): cores put them in expert order and back.
bool regroups(const MoeTransfer& op);

// Whether the transfer's own kernel sums the returned rows: SMs of the normal mode do.
bool sums_on_the_way(const MoeTransfer& combine, const Transfers& transfers);

// And after a combine: the weighted sum of the returned rows.
std::vector<LabelledOperator> receive_operators(const MoeTransfer& combine,
                                                const Transfers& transfers);

}  // namespace reticle::llm
