#pragma once

#include <cstdint>
#include <vector>

#include "models/kernels/tensor_gpu/attention_tiling.h"

namespace reticle::kernels::tensor_gpu {

// What a thread block does at a time: a block of rows of one unit against a range of key blocks.
struct AttentionTask {
  std::int64_t kv_head = 0;   // sequence and key/value head
  std::int64_t rows_key = 0;  // block of rows, over all units
  std::int64_t rows = 0;      // valid ones
  std::int64_t first = 0;     // key blocks
  std::int64_t end = 0;
  std::int64_t unmasked = 0;  // key blocks from here on are cut by the diagonal or the end
  std::int64_t split = 0;
};

// All tasks, dealt to places for thread blocks, each to the one that is free first; place p is on
// SM p mod SMs. Blocks that the hardware deals out come in their order. Persistent ones take the
// longest first, unit group after unit group, as many units at a time as keep their keys and values
// in half of L2 (FlashAttention-3's scheduler of causal kernels); where keys are gathered, one
// sequence after another. Every task is in exactly one list.
std::vector<std::vector<AttentionTask>> deal_attention(const AttentionTiling& tiling,
                                                       const AttentionWork& work,
                                                       const Target& target);

}  // namespace reticle::kernels::tensor_gpu
