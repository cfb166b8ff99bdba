#include <algorithm>
#include <numeric>

#include "models/kernels/davinci/attention_plan.h"
#include "models/kernels/program_builder.h"
#include "sim/compute/units.h"

namespace reticle::kernels::davinci {

using compute::ceil_div;

namespace {

// Keys that the rows before `end` of a cache may see: up to the last one's own position.
std::int64_t visible_keys(const AttentionShape& shape, std::int64_t end) {
  if (!shape.causal) {
    return shape.kv_len;
  }
  const std::int64_t positions = shape.rows / shape.group;
  const std::int64_t last = (end - 1) / shape.group;
  return shape.kv_len - positions + last + 1;
}

std::int64_t work_of_task(const std::vector<AttentionBlock>& blocks) {
  return std::accumulate(
      blocks.begin(), blocks.end(), std::int64_t{0},
      [](std::int64_t sum, const AttentionBlock& block) { return sum + block.keys; });
}

}  // namespace

std::int64_t attention_tasks(const AttentionPlan& plan) { return row_blocks(plan) * plan.splits; }

std::vector<AttentionBlock> task_blocks(const AttentionPlan& plan, std::int64_t task) {
  const std::int64_t in_cache = ceil_div(plan.shape.rows, plan.row_tile);
  const std::int64_t row_block = task / plan.splits;
  const auto [row, row_end] = share(plan.shape.rows, in_cache, row_block % in_cache);
  const std::int64_t keys = visible_keys(plan.shape, row_end);
  const auto [begin, end] = share(ceil_div(keys, plan.kv_block), plan.splits, task % plan.splits);
  std::vector<AttentionBlock> blocks;
  for (std::int64_t block = begin; block < end; ++block) {
    blocks.push_back({task, row_block / in_cache, row_block, row_end - row, block,
                      std::min(plan.kv_block, keys - block * plan.kv_block), block == begin,
                      block + 1 == end});
  }
  return blocks;
}

std::vector<std::vector<AttentionBlock>> deal_blocks(const AttentionPlan& plan) {
  std::vector<std::vector<AttentionBlock>> tasks;
  for (std::int64_t task = 0; task < attention_tasks(plan); ++task) {
    std::vector<AttentionBlock> blocks = task_blocks(plan, task);
    if (!blocks.empty()) {
      tasks.push_back(std::move(blocks));
    }
  }
  std::stable_sort(tasks.begin(), tasks.end(),
                   [](const auto& a, const auto& b) { return work_of_task(a) > work_of_task(b); });
  const std::size_t cores =
      std::min(static_cast<std::size_t>(plan.target.cores.matrix()), tasks.size());
  std::vector<std::vector<AttentionBlock>> dealt(cores);
  std::vector<std::int64_t> load(cores, 0);
  for (const std::vector<AttentionBlock>& task : tasks) {
    const auto least =
        static_cast<std::size_t>(std::min_element(load.begin(), load.end()) - load.begin());
    dealt[least].insert(dealt[least].end(), task.begin(), task.end());
    load[least] += work_of_task(task);
  }
  return dealt;
}

}  // namespace reticle::kernels::davinci
