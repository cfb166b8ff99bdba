#pragma once

#include "workloads/traces/launch_order.h"
#include "workloads/traces/recognise.h"

namespace reticle::traces {

// FlashAttention-3: a block a tile of queries, heads along y, sequences along z; traits are head
// width, queries and keys of a tile. 192 wide heads are MLA's 128 + 64, with 128 wide values.
RecognisedKernel attention_forward(const LaunchedKernel& kernel);

// The backward core has five matrix products where the forward has two (q k^T and p v): q k^T and
// dO v^T again, and dv, dk, dq. With d wide keys and v wide values (3 d + 2 v) / (d + v) of its
// work.
RecognisedKernel attention_backward(const LaunchedKernel& kernel, const Model& model,
                                    std::int64_t tokens);

}  // namespace reticle::traces
