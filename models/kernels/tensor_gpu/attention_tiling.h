#pragma once

#include <cstdint>
#include <string>

#include "models/kernels/mapping.h"
#include "models/kernels/tensor_gpu/sm_steps.h"

namespace reticle::kernels::tensor_gpu {

constexpr std::int64_t kWarpgroupRows = 64;   // wgmma m
constexpr std::int64_t kAttentionStages = 2;  // blocks of K, and of V, in shared memory

// How attention is cut: a thread block takes `rows` query rows through blocks of `keys` keys. A
// `unit` is the rows that share one key/value head: all its query heads where they are packed
// (position by position), else one query head.
struct AttentionTiling {
  std::int64_t warpgroups = 1;
  std::int64_t keys = 0;
  bool packed = false;
  bool gathered = false;    // threads load keys page by page, and rows of Q (cp.async), not the TMA
  bool two_blocks = false;  // FlashAttention-2: two thread blocks an SM, no scheduler of its own
  std::int64_t splits = 1;  // of the keys over thread blocks
  std::int64_t merge = 1;   // blocks of keys in one simulated step; over 1 in huge kernels only

  std::int64_t rows() const { return warpgroups * kWarpgroupRows; }
  std::string text() const;
};

// Cycles of one warpgroup (64 rows) against one block of keys.
struct AttentionSteps {
  MatrixStep scores;  // Q K^T, both from shared memory
  MatrixStep values;  // P V, P in registers
  SoftmaxStep softmax;
  std::int64_t rescale = 0;   // O to the new maximum
  std::int64_t conflict = 0;  // what softmax and rescaling cost products beside them
  std::int64_t mask = 0;      // where the diagonal or the end of the keys cuts the block
};

AttentionSteps attention_steps(const AttentionTiling& tiling, const AttentionWork& work,
                               const Target& target);

// Largest block of keys whose double buffers fit in shared memory and whose scores and sums fit in
// registers. Throws UsageError for a head too wide for either.
std::int64_t key_block(const AttentionTiling& tiling, const AttentionWork& work,
                       const Target& target);

// FlashAttention-3's rules. Heads are packed where keys are gathered, or where that saves a tenth
// of the padded rows; keys are split where SMs would be idle (`attention_splits.cpp`).
AttentionTiling choose_attention_tiling(const AttentionWork& work, const Target& target);

// Splits of the keys: for a batch of one the fewest that keep the SMs about as busy as any number
// does, then no more than an even share of all blocks asks for.
std::int64_t choose_splits(const AttentionTiling& tiling, const AttentionWork& work,
                           std::int64_t sms);

// Units of a work, and rows of each.
std::int64_t units(const AttentionTiling& tiling, const AttentionWork& work);
std::int64_t unit_rows(const AttentionTiling& tiling, const AttentionWork& work);

// Keys that the query at row `row` of a unit sees.
std::int64_t visible_keys(const AttentionTiling& tiling, const AttentionWork& work,
                          std::int64_t row);

}  // namespace reticle::kernels::tensor_gpu
