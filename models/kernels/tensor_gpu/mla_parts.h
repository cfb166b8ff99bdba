#pragma once

#include <cstdint>
#include <vector>

#include "models/kernels/work.h"

namespace reticle::kernels::tensor_gpu {

constexpr std::int64_t kMlaRows = 64;     // query rows (heads x positions) of a thread block
constexpr std::int64_t kMlaBlock = 64;    // cached rows of a step
constexpr std::int64_t kMlaColumns = 64;  // columns of a TMA sub-tile: 128 B of bf16

// A run of cached rows of one sequence, for one block of query rows.
struct MlaSegment {
  std::int64_t sequence = 0;
  std::int64_t first = 0;  // KV blocks
  std::int64_t end = 0;
  std::int64_t splits = 1;  // runs this sequence is cut into; over 1: a partial result
};

// How a decode batch is dealt to thread blocks: `parts` equal shares of all KV blocks, each with
// `lanes` thread blocks that take the blocks of query rows (FlashMLA's tile scheduler).
struct MlaParts {
  std::int64_t row_blocks = 0;
  std::int64_t kv_blocks = 0;  // of a sequence
  std::int64_t lanes = 0;
  std::vector<std::vector<MlaSegment>> parts;

  std::int64_t partial_segments() const;  // runs that are not a whole sequence
  std::int64_t split_sequences() const;
};

MlaParts deal_mla(const MlaWork& work, std::int64_t sms);

}  // namespace reticle::kernels::tensor_gpu
