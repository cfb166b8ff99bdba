#include "models/kernels/davinci/attention_plan.h"

#include <algorithm>

#include "models/kernels/davinci/core_units.h"
#include "models/kernels/numbers.h"
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
constexpr std::int64_t kBuffers = 2;        // of L0A, L0B, L0C and, unless staged, of UB
constexpr std::int64_t kStagedBuffers = 5;  // UB: two in, two for arithmetic, one out
constexpr std::int64_t kEventIds = 8;       // set_flag/wait_flag events a pair of queues has
constexpr std::uint32_t kFlags = 3;         // shared, a cube core
constexpr std::uint64_t kParts = 1U << 10;  // tile numbers a workspace slot

[[noreturn]] void refuse(const std::string& what) {
  throw UsageError("davinci: attention " + what);
}

// Slots that L1 holds beside Q and the probabilities of one block.
std::int64_t slots_beside(const AttentionPlan& plan, std::int64_t kv_block) {
  Scratchpad l1("L1", plan.target.chip.davinci().l1());
  const double resident = real(plan.row_tile * (plan.shape.key_width + kv_block)) * plan.bytes;
  if (!l1.fits(resident)) {
    return 0;
  }
  l1.reserve(resident);
  return static_cast<std::int64_t>((l1.capacity() - l1.used()) /
                                   (real(plan.chunk * plan.chunk) * plan.bytes));
}

void fit_cube(AttentionPlan& plan) {
  const Davinci& core = plan.target.chip.davinci();
  const double step = kBuffers * real(plan.row_tile * plan.chunk);
  if (step * plan.bytes > core.l0a() ||
      kBuffers * real(plan.chunk * plan.chunk) * plan.bytes > core.l0b() ||
      step * kFp32 > core.l0c()) {
    refuse("does not fit L0");
  }
  plan.kv_block = std::min(kLargestBlock, compute::round_up(plan.shape.kv_len, plan.chunk));
  while (plan.kv_block > plan.chunk && slots_beside(plan, plan.kv_block) < kBuffers) {
    plan.kv_block -= plan.chunk;
  }
  plan.l1_slots =
      static_cast<std::uint32_t>(std::min(kEventIds, slots_beside(plan, plan.kv_block)));
  if (plan.l1_slots < kBuffers) {
    refuse("does not fit L1");
  }
}

// Bytes of UB that a query row takes.
double row_in_ub(const AttentionPlan& plan) {
  const double scores = real(plan.kv_block);
  const double values = real(plan.shape.value_width);
  if (plan.schedule.staged) {
    return real(kStagedBuffers) * std::max(scores, values) * kFp32;
  }
  // Scores in and probabilities out; partial and accumulator in, accumulator out, or with AMLA what
  // is added to it.
  const double update = plan.schedule.adds_in_l2 ? kFp32 : 3 * kFp32;
  return real(kBuffers) * (scores * (kFp32 + plan.bytes) + values * update);
}

void fit_vector(AttentionPlan& plan) {
  const auto rows = static_cast<std::int64_t>(plan.target.chip.davinci().ub() / row_in_ub(plan));
  if (rows < 1) {
    refuse("does not fit UB");
  }
  plan.vector_rows = 1;
  while (2 * plan.vector_rows <= rows) {
    plan.vector_rows *= 2;
  }
}

// Cycles of one full block on a core, bound by cube or loads.
double block_cycles(const AttentionPlan& plan) {
  const AttentionShape& shape = plan.shape;
  const compute::MatrixUnit cube = cube_unit(plan.target.chip, shape.dtype);
  const double macs = real(compute::round_up(plan.row_tile, cube.m) * plan.kv_block *
                           (shape.key_width + shape.value_width));
  const double loads = real(plan.kv_block * (shape.key_width + shape.value_width)) * plan.bytes;
  return std::max(macs / real(cube.macs_per_clk),
                  loads / load_rate(plan.target.chip.davinci(), cache_layout(shape)));
}

// Parts to cut keys into so that cores without a row block have work, weighed against the merge.
std::int64_t choose_splits(const AttentionPlan& plan) {
  const Davinci& core = plan.target.chip.davinci();
  const std::int64_t tasks = row_blocks(plan);
  const std::int64_t blocks = ceil_div(plan.shape.kv_len, plan.kv_block);
  const std::int64_t cores = plan.target.cores.matrix();
  const double sums = real(plan.shape.caches * plan.shape.rows * plan.shape.value_width) * kFp32;
  const double flags = 2 * core.cross_core_flag() * plan.target.clock_hz;
  const auto cost = [&](std::int64_t splits) {
    const double merge =
        flags + real(splits) * sums / core.mte2_vector() / real(plan.target.cores.vector());
    return real(ceil_div(tasks * splits, cores) * ceil_div(blocks, splits)) * block_cycles(plan) +
           (splits > 1 ? merge : 0);
  };
  std::int64_t best = 1;
  for (std::int64_t splits = 2; splits <= std::min(blocks, cores); ++splits) {
    best = cost(splits) < cost(best) ? splits : best;
  }
  return best;
}

}  // namespace

AttentionShape attention_shape(const Work& work) {
  AttentionShape shape;
  if (work.mla) {
    const MlaWork& mla = *work.mla;
    shape.caches = mla.sequences;
    shape.rows = mla.queries;
    shape.group = mla.queries;
    shape.kv_len = mla.kv_len;
    shape.key_width = mla.key_width;
    shape.value_width = mla.value_width;
    shape.one_cache = true;
    shape.dtype = mla.dtype;
    return shape;
  }
  const AttentionWork& attention = *work.attention;
  shape.caches = attention.sequences * attention.kv_heads;
  shape.rows = attention.positions * attention.group;
  shape.group = attention.group;
  shape.kv_len = attention.kv_len;
  shape.key_width = attention.key_width;
  shape.value_width = attention.value_width;
  shape.causal = attention.causal;
  shape.dtype = attention.dtype;
  return shape;
}

Layout cache_layout(const AttentionShape& shape) {
  return shape.one_cache ? Layout::kFractals : Layout::kRows;
}

AttentionSchedule attention_schedule(const AttentionShape& shape, const KernelVariants& variants) {
  AttentionSchedule schedule;
  if (!shape.one_cache) {
    return schedule;
  }
  switch (variants.mla()) {
    case MLA_VARIANT_CM384:
      schedule.in_groups = true;
      schedule.staged = true;
      return schedule;
    case MLA_VARIANT_AMLA:
      schedule.adds_in_l2 = true;
      return schedule;
    default:
      throw UsageError("davinci: software kernels.mla must be cm384 or amla on this family");
  }
}

AttentionPlan attention_plan(const AttentionShape& shape, const Target& target) {
  cube_unit(target.chip, shape.dtype);  // refuses types the chip cannot multiply
  AttentionPlan plan{shape, attention_schedule(shape, target.variants), target};
  plan.bytes = element_bytes(shape.dtype);
  plan.chunk = static_cast<std::int64_t>(kLine / plan.bytes);
  plan.row_tile = std::min(kRowTile, shape.rows);
  plan.vector_cores = target.cores.vector() / target.cores.matrix();
  if (plan.vector_cores < 2) {
    refuse("needs two vector cores a cube core, allotted are " +
           std::to_string(target.cores.vector()) + " and " + std::to_string(target.cores.matrix()));
  }
  fit_cube(plan);
  fit_vector(plan);
  plan.splits = choose_splits(plan);
  return plan;
}

std::int64_t row_blocks(const AttentionPlan& plan) {
  return plan.shape.caches * ceil_div(plan.shape.rows, plan.row_tile);
}

AttentionTensors attention_tensors(const AttentionShape& shape) {
  if (shape.one_cache) {
    return {0, 1, 1, 2, 3, 4, 5, 6, 7};
  }
  return {0, 1, 2, 3, 4, 5, 6, 7, 8};
}

compute::Flag scores_ready(std::uint32_t core) { return compute::kSharedFlags + kFlags * core; }
compute::Flag probabilities_ready(std::uint32_t core) { return scores_ready(core) + 1; }
compute::Flag partial_ready(std::uint32_t core) { return scores_ready(core) + 2; }

compute::Flag sums_ready(const AttentionPlan& plan, std::int64_t row_block) {
  const auto cores = static_cast<std::uint32_t>(plan.target.cores.matrix());
  return scores_ready(cores) + static_cast<std::uint32_t>(row_block);
}

std::uint32_t attention_flags(const AttentionPlan& plan) {
  return sums_ready(plan, plan.splits > 1 ? row_blocks(plan) : 0) - compute::kSharedFlags;
}

std::int64_t busy_vector_cores(const AttentionPlan& plan, std::int64_t rows) {
  return std::min(plan.vector_cores, rows);
}

std::int64_t vector_core_rows(const AttentionPlan& plan, std::int64_t rows, std::int64_t helper) {
  const std::int64_t helpers = busy_vector_cores(plan, rows);
  if (helper >= helpers) {
    return 0;
  }
  const auto [begin, end] = share(rows, helpers, helper);
  return end - begin;
}

std::uint64_t workspace_key(std::uint32_t tensor, std::uint32_t core, std::size_t block,
                            std::int64_t part) {
  const std::uint64_t slot = std::uint64_t{core} * kAttentionSlots + block % kAttentionSlots;
  return memory::tile_key(tensor, slot * kParts + static_cast<std::uint64_t>(part));
}

}  // namespace reticle::kernels::davinci
