#include <algorithm>

#include "models/kernels/davinci/attention_plan.h"
#include "models/kernels/davinci/programs.h"
#include "models/kernels/numbers.h"

namespace reticle::kernels::davinci {

namespace {

constexpr double kFp32 = 4;

void add_workspaces(compute::TileProgram& program, const AttentionPlan& plan, double cores) {
  const double rows = kAttentionSlots * cores * real(plan.row_tile);
  const double keys = real(plan.kv_block);
  const double width = real(plan.shape.value_width);
  const double all_rows = real(plan.shape.caches * plan.shape.rows);
  program.tensors = {"scores", "probabilities", "partial", "accumulator", "split_sums"};
  program.tensor_bytes = {rows * keys * kFp32, rows * keys * plan.bytes, rows * width * kFp32,
                          rows / kAttentionSlots * width * kFp32,
                          plan.splits > 1 ? real(plan.splits) * all_rows * width * kFp32 : 0};
}

std::string name_of(const AttentionPlan& plan) {
  if (!plan.shape.one_cache) {
    return "attention";
  }
  return plan.schedule.adds_in_l2 ? "amla" : "cm384";
}

std::string describe(const AttentionPlan& plan, std::size_t cores) {
  return name_of(plan) + ": " + std::to_string(row_blocks(plan)) + " tasks of " +
         std::to_string(plan.row_tile) + " rows on " + std::to_string(cores) + " AIC, blocks of " +
         std::to_string(plan.kv_block) + " keys" +
         (plan.splits > 1 ? " split in " + std::to_string(plan.splits) : "") + ", " +
         std::to_string(plan.vector_rows) + " rows at a time a AIV";
}

using Dealt = std::vector<std::vector<AttentionBlock>>;
using Range = std::pair<std::uint32_t, std::uint32_t>;

Range all_of(const Dealt& dealt) { return {0, static_cast<std::uint32_t>(dealt.size())}; }

// The core with the most blocks.
Range sketch(const Dealt& dealt, compute::TileProgram& program) {
  const auto busiest = std::max_element(
      dealt.begin(), dealt.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  std::size_t blocks = 0;
  for (const auto& core : dealt) {
    blocks += core.size();
  }
  program.sharers = static_cast<double>(dealt.size());
  program.parts = static_cast<double>(blocks) / static_cast<double>(busiest->size());
  const auto core = static_cast<std::uint32_t>(busiest - dealt.begin());
  return {core, core + 1};
}

}  // namespace

compute::TileProgram attention_program(const Work& work, const Target& target) {
  const AttentionPlan plan = attention_plan(attention_shape(work), target);
  const std::vector<std::vector<AttentionBlock>> dealt = deal_blocks(plan);
  compute::TileProgram program;
  const auto [first, end] = target.sketch ? sketch(dealt, program) : all_of(dealt);
  for (std::uint32_t core = first; core < end; ++core) {
    program.cores.push_back(attention_cube(plan, core, dealt[core]));
  }
  for (std::uint32_t core = first; core < end; ++core) {
    for (std::int64_t helper = 0; helper < plan.vector_cores; ++helper) {
      program.cores.push_back(attention_vector(plan, core, helper, dealt[core]));
    }
  }
  if (plan.splits > 1) {
    merge_splits(plan, program, dealt.size() * static_cast<std::size_t>(plan.vector_cores));
  }
  program.shared_flags = attention_flags(plan);
  add_workspaces(program, plan, real(static_cast<std::int64_t>(dealt.size())));
  program.variant = describe(plan, dealt.size());
  return program;
}

}  // namespace reticle::kernels::davinci
