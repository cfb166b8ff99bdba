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

// What the cores of a rank do before a dispatch: quantise the payload, fill the send buffers (if
// the software does that with a tile program).
std::vector<LabelledOperator> send_operators(const MoeTransfer& dispatch,
                                             const Transfers& transfers);

// And after a combine: the weighted sum of the returned rows.
std::vector<LabelledOperator> receive_operators(const MoeTransfer& combine);

}  // namespace reticle::llm
