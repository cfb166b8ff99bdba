#include "models/kernels/tensor_gpu/attention_tasks.h"

#include <algorithm>
#include <queue>

#include "models/kernels/program_builder.h"
#include "schema/dtype.h"
#include "sim/compute/units.h"

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;

namespace {

void add_unit(std::vector<AttentionTask>& tasks, const AttentionTiling& tiling,
              const AttentionWork& work, std::int64_t unit) {
  const std::int64_t rows = unit_rows(tiling, work);
  const std::int64_t row_blocks = ceil_div(rows, tiling.rows());
  for (std::int64_t block = 0; block < row_blocks; ++block) {
    AttentionTask task;
    const std::int64_t row = block * tiling.rows();
    task.kv_head = tiling.packed ? unit : unit / work.group;
    task.rows_key = unit * row_blocks + block;
    task.rows = std::min(tiling.rows(), rows - row);
    task.unmasked = visible_keys(tiling, work, row) / tiling.keys;
    const std::int64_t blocks =
        ceil_div(visible_keys(tiling, work, row + task.rows - 1), tiling.keys);
    for (task.split = 0; task.split < tiling.splits; ++task.split) {
      std::tie(task.first, task.end) = share(blocks, tiling.splits, task.split);
      if (task.first < task.end) {  // early rows see fewer blocks than there are splits
        tasks.push_back(task);
      }
    }
  }
}

// Units whose keys and values fit in half of L2 together.
std::int64_t units_at_once(const AttentionTiling& tiling, const AttentionWork& work,
                           const Target& target) {
  const double bytes = static_cast<double>(work.kv_len * (work.key_width + work.value_width)) *
                       element_bytes(work.dtype);
  const double heads = target.chip.l2().capacity() / 2 / bytes;
  const std::int64_t kv_heads = std::max<std::int64_t>(1, static_cast<std::int64_t>(heads));
  return kv_heads * (tiling.packed ? 1 : work.group);
}

// Units that are scheduled together: of one sequence where keys are gathered (lengths vary), of all
// else.
std::vector<std::pair<std::int64_t, std::int64_t>> unit_groups(const AttentionTiling& tiling,
                                                               const AttentionWork& work,
                                                               const Target& target) {
  const std::int64_t all = units(tiling, work);
  if (!tiling.longest_first) {
    return {{0, all}};
  }
  const std::int64_t border = tiling.gathered ? all / work.sequences : all;
  const std::int64_t at_once = units_at_once(tiling, work, target);
  std::vector<std::pair<std::int64_t, std::int64_t>> groups;
  for (std::int64_t first = 0; first < all;) {
    const std::int64_t end = std::min(first + at_once, (first / border + 1) * border);
    groups.emplace_back(first, end);
    first = end;
  }
  return groups;
}

}  // namespace

std::vector<std::vector<AttentionTask>> deal_attention(const AttentionTiling& tiling,
                                                       const AttentionWork& work,
                                                       const Target& target) {
  using Load = std::pair<std::int64_t, std::size_t>;  // key blocks so far, place
  const auto count = static_cast<std::size_t>(target.cores.matrix() * tiling.blocks);
  std::vector<std::vector<AttentionTask>> places(count);
  std::priority_queue<Load, std::vector<Load>, std::greater<>> free;
  for (std::size_t place = 0; place < count; ++place) {
    free.emplace(0, place);
  }
  for (const auto& [first, end] : unit_groups(tiling, work, target)) {
    std::vector<AttentionTask> tasks;
    for (std::int64_t unit = first; unit < end; ++unit) {
      add_unit(tasks, tiling, work, unit);
    }
    if (tiling.longest_first) {
      std::stable_sort(tasks.begin(), tasks.end(),
                       [](const AttentionTask& a, const AttentionTask& b) {
                         return a.end - a.first > b.end - b.first;
                       });
    }
    for (const AttentionTask& task : tasks) {
      const auto [load, place] = free.top();
      free.pop();
      places[place].push_back(task);
      free.emplace(load + task.end - task.first + 1, place);  // about a block to begin and end
    }
  }
  return places;
}

}  // namespace reticle::kernels::tensor_gpu
