#pragma once

#include <cstdint>
#include <vector>

#include "models/kernels/davinci/core_units.h"
#include "models/kernels/mapping.h"

namespace reticle::kernels::davinci {

// Attention as cube and vector cores see it: `caches` of kv_len keys, each asked by `rows` query
// rows. Rows come position by position, `group` of them each.
struct AttentionShape {
  std::int64_t caches = 0;
  std::int64_t rows = 0;
  std::int64_t group = 0;
  std::int64_t kv_len = 0;
  std::int64_t key_width = 0;
  std::int64_t value_width = 0;
  bool causal = false;
  bool one_cache = false;  // values are the first columns of the keys (MLA)
  Dtype dtype = DTYPE_BFLOAT16;
};

AttentionShape attention_shape(const Work& work);

// MLA's cache is kept in fractals (arXiv 2506.12708: N-Zigzag cache), other caches in rows.
Layout cache_layout(const AttentionShape& shape);

// How the blocks of a core are ordered, and who rescales the output when the maximum grows.
struct AttentionSchedule {
  std::int64_t ahead = 1;   // scores of this many blocks come before the outputs of the first
  bool in_groups = false;   // `ahead` + 1 blocks at a time instead of one after the other
  bool staged = false;      // one buffer each way in UB, emptied by a copy; no double buffers
  bool adds_in_l2 = false;  // AMLA: FixPipe and vector cores add to the output in L2
};

// The variant of `software` for MLA, the common one for other attention. Throws UsageError for a
// variant of another family.
AttentionSchedule attention_schedule(const AttentionShape& shape, const KernelVariants& variants);

// One step of a core: a block of keys for up to 128 query rows. A task is all blocks of the rows,
// or one of `splits` parts of them.
struct AttentionBlock {
  std::int64_t task = 0;
  std::int64_t cache = 0;
  std::int64_t row_block = 0;  // over all caches
  std::int64_t rows = 0;
  std::int64_t block = 0;  // in the cache
  std::int64_t keys = 0;
  bool first = false;  // of its task
  bool last = false;
};

// Sizes that follow from the chip's buffers.
struct AttentionPlan {
  AttentionShape shape;
  AttentionSchedule schedule;
  const Target& target;
  double bytes = 0;               // of an operand element
  std::int64_t chunk = 0;         // keys of a score tile, width of an output tile, depth of a step
  std::int64_t kv_block = 0;      // keys between two hand-overs
  std::int64_t row_tile = 0;      // query rows of a task
  std::uint32_t l1_slots = 0;     // chunk x chunk parts of the cache that L1 holds
  std::int64_t vector_cores = 0;  // beside each cube core
  std::int64_t vector_rows = 0;   // rows a vector core takes at a time
  std::int64_t splits = 1;        // parts the keys of a row block are cut into (flash decoding)
};

// Throws UsageError if the chip has no unit for the type, if fewer than two vector cores a cube
// core are allotted, or if a block does not fit L1 or UB.
AttentionPlan attention_plan(const AttentionShape& shape, const Target& target);

std::int64_t row_blocks(const AttentionPlan& plan);
std::int64_t attention_tasks(const AttentionPlan& plan);

// The task's blocks in order; none where causality leaves no keys for its part.
std::vector<AttentionBlock> task_blocks(const AttentionPlan& plan, std::int64_t task);

// Blocks by core: every task goes to the core with the least to do, the longest row blocks of a
// cache first. Where tasks are equal, cores take them in turn: neighbours work on one cache, so
// that it is read from HBM once. Cores without work are left out at the end.
std::vector<std::vector<AttentionBlock>> deal_blocks(const AttentionPlan& plan);

// Tensors of the tile keys: those of Work (MLA: q, kv, o), then the workspaces in L2.
struct AttentionTensors {
  std::uint32_t q;
  std::uint32_t k;
  std::uint32_t v;
  std::uint32_t o;
  std::uint32_t scores;
  std::uint32_t probabilities;
  std::uint32_t partial;
  std::uint32_t accumulator;
  std::uint32_t split_sums;
};
AttentionTensors attention_tensors(const AttentionShape& shape);

// Workspaces exist twice a cube core; block number j uses number j % 2.
constexpr std::uint32_t kAttentionSlots = 2;

// Shared flags: three a cube core, then one a row block where keys are split.
compute::Flag scores_ready(std::uint32_t core);
compute::Flag probabilities_ready(std::uint32_t core);
compute::Flag partial_ready(std::uint32_t core);
compute::Flag sums_ready(const AttentionPlan& plan, std::int64_t row_block);
std::uint32_t attention_flags(const AttentionPlan& plan);

// Vector cores that have rows in a block of `rows`, and the rows of one of them.
std::int64_t busy_vector_cores(const AttentionPlan& plan, std::int64_t rows);
std::int64_t vector_core_rows(const AttentionPlan& plan, std::int64_t rows, std::int64_t helper);

// Tile key of a workspace part that vector core `helper` of `core` works on, or of the whole (0).
std::uint64_t workspace_key(std::uint32_t tensor, std::uint32_t core, std::size_t block,
                            std::int64_t part);

// Calls scores(j) and outputs(j) for blocks 0 .. count - 1 in the schedule's order.
template <class Scores, class Outputs>
void walk_blocks(const AttentionSchedule& schedule, std::size_t count, const Scores& scores,
                 const Outputs& outputs) {
  const auto ahead = static_cast<std::size_t>(schedule.ahead);
  for (std::size_t j = 0; j < count + ahead; ++j) {
    if (!schedule.in_groups) {
      if (j < count) {
        scores(j);
      }
      if (j >= ahead) {
        outputs(j - ahead);
      }
    } else if (j < count && j % (ahead + 1) == 0) {
      const std::size_t end = std::min(count, j + ahead + 1);
      for (std::size_t i = j; i < end; ++i) {
        scores(i);
      }
      for (std::size_t i = j; i < end; ++i) {
        outputs(i);
      }
    }
  }
}

compute::CoreProgram attention_cube(const AttentionPlan& plan, std::uint32_t core,
                                    const std::vector<AttentionBlock>& blocks);
compute::CoreProgram attention_vector(const AttentionPlan& plan, std::uint32_t core,
                                      std::int64_t helper,
                                      const std::vector<AttentionBlock>& blocks);

// Adds the merge of split keys to the vector cores' programs: the first of `vector_cores`.
void merge_splits(const AttentionPlan& plan, compute::TileProgram& program,
                  std::size_t vector_cores);

}  // namespace reticle::kernels::davinci
