#pragma once

#include <cstdint>
#include <vector>

#include "models/kernels/mapping.h"

namespace reticle::kernels::davinci {

// Absorbed MLA core as one cube core and its vector cores work on it: a task is one sequence and up
// to 128 query rows; it walks over the sequence's cache in blocks.
struct MlaBlock {
  std::int64_t sequence = 0;
  std::int64_t row_block = 0;  // over all sequences
  std::int64_t rows = 0;
  std::int64_t block = 0;  // in the sequence
  std::int64_t keys = 0;
  bool first = false;  // of its task
  bool last = false;
};

// Sizes that follow from the chip's buffers.
struct MlaPlan {
  const MlaWork& work;
  const Target& target;
  double bytes = 0;               // of an operand element
  std::int64_t chunk = 0;         // keys of a score tile, width of an output tile, depth of a step
  std::int64_t kv_block = 0;      // keys between two hand-overs
  std::int64_t row_tile = 0;      // query rows of a task
  std::uint32_t l1_slots = 0;     // chunk x chunk parts of the cache that L1 holds
  std::int64_t vector_cores = 0;  // beside each cube core
  std::int64_t vector_rows = 0;   // rows a vector core takes at a time
};

// Throws UsageError if the chip has no unit for the type, if fewer than two vector cores a cube
// core are allotted, or if a block does not fit L1 or UB.
MlaPlan mla_plan(const MlaWork& work, const Target& target);

std::int64_t mla_tasks(const MlaPlan& plan);

// Blocks of the tasks that fall to `core` of `cores`, in order. Neighbouring cores take the row
// blocks of one sequence at the same time, so that its cache is read from HBM once.
std::vector<MlaBlock> mla_blocks(const MlaPlan& plan, std::int64_t core, std::int64_t cores);

// Tensors of the tile keys: those of Work, then the workspaces in L2.
enum MlaTensor : std::uint32_t { kQ, kKv, kO, kScores, kProbabilities, kPartial, kAccumulator };

// Workspaces exist twice a cube core; block number j uses number j % 2.
constexpr std::uint32_t kMlaSlots = 2;

// Shared flags, three a cube core.
compute::Flag scores_ready(std::uint32_t core);
compute::Flag probabilities_ready(std::uint32_t core);
compute::Flag partial_ready(std::uint32_t core);

// Vector cores that have rows in a block of `rows`.
std::int64_t busy_vector_cores(const MlaPlan& plan, std::int64_t rows);

// Tile key of a workspace part that vector core `helper` of `core` works on, or of the whole (0).
std::uint64_t workspace_key(MlaTensor tensor, std::uint32_t core, std::size_t block,
                            std::int64_t part);

compute::CoreProgram mla_cube(const MlaPlan& plan, std::uint32_t core,
                              const std::vector<MlaBlock>& blocks);
compute::CoreProgram mla_vector(const MlaPlan& plan, std::uint32_t core, std::int64_t helper,
                                const std::vector<MlaBlock>& blocks);

}  // namespace reticle::kernels::davinci
