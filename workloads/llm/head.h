#pragma once

#include "workloads/llm/layers.h"

namespace reticle::llm {

// What the tokens of all micro-batches share at both ends of a step: their weights are read once.

// Bytes of the rows taken from the embedding table.
std::int64_t embedding_bytes(const StepContext& step);

// Final norm, LM head and sampling of the positions whose logits are wanted. Logits are FP32, as
// serving engines sample.
void add_head(Chain& chain, const StepContext& step);

// Nodes that the ends of all micro-batches hang on.
std::vector<int> joined(const std::vector<std::vector<int>>& ends);

}  // namespace reticle::llm
