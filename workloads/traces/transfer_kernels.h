#pragma once

#include "workloads/traces/launch_order.h"
#include "workloads/traces/recognise.h"

namespace reticle::traces {

// DeepEP's dispatch or combine of a micro-batch of `tokens`; a block is an SM.
RecognisedKernel moe_transfer(const LaunchedKernel& kernel, bool dispatch, const Model& model,
                              std::int64_t ranks, std::int64_t tokens);

// Every rank tells every other how many tokens come for each of its experts.
RecognisedKernel token_counts(const Model& model, std::int64_t ranks);

// A collective as the profile describes it: name, type, elements in and out, size of the group.
RecognisedKernel collective(const LaunchedKernel& kernel, const Strings& strings);

}  // namespace reticle::traces
