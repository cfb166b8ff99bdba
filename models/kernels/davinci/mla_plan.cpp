#include "models/kernels/davinci/mla_plan.h"

#include <algorithm>

#include "models/kernels/davinci/core_units.h"
#include "models/kernels/program_builder.h"
#include "schema/dtype.h"
#include "schema/errors.h"
#include "sim/compute/scratchpad.h"
#include "sim/memory/tile_access.h"

namespace reticle::kernels::davinci {

using compute::ceil_div;
using compute::Scratchpad;

namespace {

constexpr std::int64_t kRowTile = 128;       // query rows a task (CANN MLA base tile)
constexpr std::int64_t kLargestBlock = 512;  // keys a block (CANN s2BaseSize)
constexpr std::int64_t kLine = 256;          // bytes of a chunk's row: half of a 512 B window
constexpr double kFp32 = 4;
constexpr std::int64_t kBuffers = 2;        // of L0A, L0B, L0C and everything in UB
constexpr std::int64_t kEventIds = 8;       // set_flag/wait_flag events a pair of queues has
constexpr std::uint32_t kFlags = 3;         // shared, a cube core
constexpr std::uint64_t kParts = 1U << 10;  // tile numbers a workspace slot

double real(std::int64_t value) { return static_cast<double>(value); }

[[noreturn]] void refuse(const std::string& what) {
  throw UsageError("davinci: MLA variant cm384 " + what);
}

// Slots that L1 holds beside Q and the probabilities of one block.
std::int64_t slots_beside(const MlaPlan& plan, std::int64_t kv_block) {
  Scratchpad l1("L1", plan.target.chip.davinci().l1());
  const double resident = real(plan.row_tile * (plan.work.key_width + kv_block)) * plan.bytes;
  if (!l1.fits(resident)) {
    return 0;
  }
  l1.reserve(resident);
  return static_cast<std::int64_t>((l1.capacity() - l1.used()) /
                                   (real(plan.chunk * plan.chunk) * plan.bytes));
}

void fit_cube(MlaPlan& plan) {
  const Davinci& core = plan.target.chip.davinci();
  const double step = kBuffers * real(plan.row_tile * plan.chunk);
  if (step * plan.bytes > core.l0a() ||
      kBuffers * real(plan.chunk * plan.chunk) * plan.bytes > core.l0b() ||
      step * kFp32 > core.l0c()) {
    refuse("does not fit L0");
  }
  plan.kv_block = std::min(kLargestBlock, compute::round_up(plan.work.kv_len, plan.chunk));
  while (plan.kv_block > plan.chunk && slots_beside(plan, plan.kv_block) < kBuffers) {
    plan.kv_block -= plan.chunk;
  }
  plan.l1_slots =
      static_cast<std::uint32_t>(std::min(kEventIds, slots_beside(plan, plan.kv_block)));
  if (plan.l1_slots < kBuffers) {
    refuse("does not fit L1");
  }
}

// A row in UB: scores in and probabilities out; partial and accumulator in, accumulator out.
void fit_vector(MlaPlan& plan) {
  const double row = kBuffers * (real(plan.kv_block) * (kFp32 + plan.bytes) +
                                 real(plan.work.value_width) * 3 * kFp32);
  const auto rows = static_cast<std::int64_t>(plan.target.chip.davinci().ub() / row);
  if (rows < 1) {
    refuse("does not fit UB");
  }
  plan.vector_rows = 1;
  while (2 * plan.vector_rows <= rows) {
    plan.vector_rows *= 2;
  }
}

}  // namespace

MlaPlan mla_plan(const MlaWork& work, const Target& target) {
  cube_unit(target.chip, work.dtype);  // refuses types the chip cannot multiply
  MlaPlan plan{work, target};
  plan.bytes = element_bytes(work.dtype);
  plan.chunk = static_cast<std::int64_t>(kLine / plan.bytes);
  plan.row_tile = std::min(kRowTile, work.queries);
  plan.vector_cores = target.cores.vector() / target.cores.matrix();
  if (plan.vector_cores < 2) {
    refuse("needs two vector cores a cube core, allotted are " +
           std::to_string(target.cores.vector()) + " and " + std::to_string(target.cores.matrix()));
  }
  fit_cube(plan);
  fit_vector(plan);
  return plan;
}

std::int64_t mla_tasks(const MlaPlan& plan) {
  return plan.work.sequences * ceil_div(plan.work.queries, plan.row_tile);
}

std::vector<MlaBlock> mla_blocks(const MlaPlan& plan, std::int64_t core, std::int64_t cores) {
  const std::int64_t row_blocks = ceil_div(plan.work.queries, plan.row_tile);
  const std::int64_t count = ceil_div(plan.work.kv_len, plan.kv_block);
  std::vector<MlaBlock> blocks;
  for (std::int64_t task = core; task < mla_tasks(plan); task += cores) {
    const auto [begin, end] = share(plan.work.queries, row_blocks, task % row_blocks);
    for (std::int64_t block = 0; block < count; ++block) {
      blocks.push_back({task / row_blocks, task, end - begin, block,
                        std::min(plan.kv_block, plan.work.kv_len - block * plan.kv_block),
                        block == 0, block + 1 == count});
    }
  }
  return blocks;
}

compute::Flag scores_ready(std::uint32_t core) { return compute::kSharedFlags + kFlags * core; }
compute::Flag probabilities_ready(std::uint32_t core) { return scores_ready(core) + 1; }
compute::Flag partial_ready(std::uint32_t core) { return scores_ready(core) + 2; }

std::int64_t busy_vector_cores(const MlaPlan& plan, std::int64_t rows) {
  return std::min(plan.vector_cores, rows);
}

std::uint64_t workspace_key(MlaTensor tensor, std::uint32_t core, std::size_t block,
                            std::int64_t part) {
  const std::uint64_t slot = std::uint64_t{core} * kMlaSlots + block % kMlaSlots;
  return memory::tile_key(tensor, slot * kParts + static_cast<std::uint64_t>(part));
}

}  // namespace reticle::kernels::davinci
