#pragma once

#include <cstdint>
#include <string>

#include "models/kernels/mapping.h"
#include "models/kernels/tensor_gpu/sm_steps.h"

namespace reticle::kernels::tensor_gpu {

constexpr std::int64_t kWarpgroupRows = 64;  // wgmma m

// How attention is cut: a thread block takes `rows` query rows through blocks of `keys` keys. A
// `unit` is the rows that share one key/value head: all its query heads where they are packed
// (position by position), else one query head.
struct AttentionTiling {
  std::int64_t groups = 1;                   // groups of warps that share a block of keys
  std::int64_t group_rows = kWarpgroupRows;  // rows of one: a warpgroup's; all, with mma.sync
  std::int64_t keys = 0;
  std::int64_t stages = 2;    // blocks of K, and of V, in shared memory
  std::int64_t blocks = 1;    // thread blocks an SM
  double key_reads = 1;       // how often a group reads keys and values from shared memory
  bool persistent = true;     // else the hardware deals thread blocks out, in their order
  bool longest_first = true;  // else tasks are taken in their order
  bool overlapped = true;     // scores of the next block are issued before values of this one
  bool through_smem = true;   // the output leaves through V's place
  bool packed = false;
  bool gathered = false;         // threads load keys page by page, and rows of Q, not the TMA
  std::int64_t look_ups = 0;     // reads, one after another, before the first keys of a task
  std::int64_t most_splits = 1;  // what the kernel was launched for
  std::int64_t splits = 1;       // of the keys over thread blocks
  std::int64_t merge = 1;        // blocks of keys in one simulated step; over 1 in huge kernels

  std::int64_t rows() const { return groups * group_rows; }
  std::string text() const;
};

// Cycles of one group of warps against one block of keys.
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

// The tile of the library's kernel (attention_tiles.cpp). `split`: of the kernel that splits keys.
// Throws UsageError for a head too wide for an SM.
AttentionTiling library_tile(const AttentionWork& work, const Target& target, bool split);

// The whole choice: heads are packed where keys are gathered, or where that saves a tenth of the
// padded rows; keys are split where SMs would be idle (attention_splits.cpp).
AttentionTiling choose_attention_tiling(const AttentionWork& work, const Target& target);

// Splits of the keys that a kernel is launched for, and, where it may choose by itself for a batch,
// how many of them it uses.
std::int64_t most_splits(const AttentionTiling& tiling, const AttentionWork& work,
                         const Target& target);
std::int64_t used_splits(const AttentionTiling& tiling, const AttentionWork& work,
                         const Target& target);

// Whose kernel runs: naive MLA may have another than paged attention.
AttentionVariant variant_of(const AttentionWork& work, const Target& target);

// Whether the query heads of a key/value head share a row block.
bool packs_heads(const AttentionTiling& tiling, const AttentionWork& work, const Target& target);

// A cache whose values are narrower than its keys is absorbed MLA's: they are the keys' first
// columns, and are not loaded again.
bool is_latent(const AttentionWork& work);

// Units of a work, and rows of each.
std::int64_t units(const AttentionTiling& tiling, const AttentionWork& work);
std::int64_t unit_rows(const AttentionTiling& tiling, const AttentionWork& work);

// Keys that the query at row `row` of a unit sees.
std::int64_t visible_keys(const AttentionTiling& tiling, const AttentionWork& work,
                          std::int64_t row);

}  // namespace reticle::kernels::tensor_gpu
