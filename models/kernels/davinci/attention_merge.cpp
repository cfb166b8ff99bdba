#include <algorithm>

#include "models/chips/family.h"
#include "models/kernels/davinci/attention_plan.h"
#include "models/kernels/davinci/core_units.h"
#include "models/kernels/numbers.h"
#include "models/kernels/program_builder.h"
#include "sim/memory/tile_access.h"

namespace reticle::kernels::davinci {

using compute::Instruction;
using memory::tile_key;

namespace {

constexpr double kFp32 = 4;
constexpr std::int64_t kStatistics = 16;  // a row's maximum and sum, 32 B each (CANN)
// Weight of a part: multiply and add; at the end divide and cast.
constexpr std::int64_t kPartPasses = 2;
constexpr std::int64_t kFinishPasses = 2;

// Appends to one vector core's program. Private flags follow those the program already uses.
class Merger {
 public:
  Merger(const AttentionPlan& plan, compute::CoreProgram& program, FlagCounter flags)
      : plan_(plan),
        tensors_(attention_tensors(plan.shape)),
        unit_(vector_unit(plan.target.chip.davinci())),
        program_(program),
        parts_(flags, 1, static_cast<std::uint32_t>(plan.splits)),
        result_(flags, 1, 1) {}

  // `count` rows of a row block whose parts are announced `announced` times.
  void rows(std::int64_t row_block, std::int64_t count, std::uint32_t announced,
            std::uint64_t number) {
    const std::int64_t elements = count * plan_.shape.value_width;
    for (std::int64_t part = 0; part < plan_.splits; ++part) {
      Instruction load;
      load.waits = {parts_.may_fill(), compute::Wait{sums_ready(plan_, row_block), announced}};
      load.raises[0] = parts_.raise_full();
      load.bytes = whole(real(elements + count * kStatistics) * kFp32);
      load.key = tile_key(tensors_.split_sums,
                          static_cast<std::uint64_t>(row_block * plan_.splits + part));
      program_.queues[chips::kMte2Vector].push_back(load);
    }
    parts_.filled();
    Instruction merge;
    merge.waits = {parts_.may_drain(), result_.may_fill()};
    merge.raises = {parts_.raise_empty(), result_.raise_full()};
    const std::int64_t passes = plan_.splits * kPartPasses + kFinishPasses;
    merge.cycles = static_cast<std::uint32_t>(simple_cycles(unit_, elements, passes) +
                                              special_cycles(unit_, count * plan_.splits, 1));
    merge.uses[0] = {RESOURCE_VECTOR, merge.cycles};
    merge.operations = static_cast<std::uint32_t>(passes * elements);
    merge.local_bytes = whole(2 * real(elements) * (real(plan_.splits) * kFp32 + plan_.bytes));
    parts_.drained();
    result_.filled();
    program_.queues[chips::kVector].push_back(merge);
    Instruction store;
    store.waits[0] = result_.may_drain();
    store.raises[0] = result_.raise_empty();
    store.bytes = whole(real(elements) * plan_.bytes);
    store.key = tile_key(tensors_.o, number);
    result_.drained();
    program_.queues[chips::kMte3].push_back(store);
  }

 private:
  const AttentionPlan& plan_;
  AttentionTensors tensors_;
  compute::VectorUnit unit_;
  compute::CoreProgram& program_;
  Ring parts_;
  Ring result_;
};

// First private flag that a program does not use.
FlagCounter unused_flags(const compute::CoreProgram& program) {
  compute::Flag used = 0;
  for (const auto& queue : program.queues) {
    for (const Instruction& instruction : queue) {
      for (const compute::Flag flag : instruction.raises) {
        used = flag < compute::kSharedFlags ? std::max(used, flag + 1) : used;
      }
    }
  }
  FlagCounter flags;
  for (compute::Flag flag = 0; flag < used; ++flag) {
    flags.next();
  }
  return flags;
}

// Vector cores that announce a part of the row block, over all its parts.
std::uint32_t announcements(const AttentionPlan& plan, std::int64_t row_block) {
  std::int64_t count = 0;
  for (std::int64_t part = 0; part < plan.splits; ++part) {
    const auto blocks = task_blocks(plan, row_block * plan.splits + part);
    count += blocks.empty() ? 0 : busy_vector_cores(plan, blocks.front().rows);
  }
  return static_cast<std::uint32_t>(count);
}

std::int64_t rows_of(const AttentionPlan& plan, std::int64_t row_block) {
  return task_blocks(plan, row_block * plan.splits).front().rows;
}

}  // namespace

// Rows of all row blocks are dealt out to the vector cores; each takes as many at a time as UB
// holds of one part.
void merge_splits(const AttentionPlan& plan, compute::TileProgram& program,
                  std::size_t vector_cores) {
  std::vector<compute::CoreProgram*> cores;
  for (compute::CoreProgram& core : program.cores) {
    if (core.core >= plan.target.chip.davinci().cube_cores()) {
      cores.push_back(&core);
    }
  }
  std::vector<Merger> mergers;
  for (compute::CoreProgram* core : cores) {
    mergers.emplace_back(plan, *core, unused_flags(*core));
  }
  const double part = real(plan.splits * plan.shape.value_width) * kFp32;
  const auto at_a_time = std::max<std::int64_t>(
      1, std::min<std::int64_t>(plan.vector_rows,
                                static_cast<std::int64_t>(plan.target.chip.davinci().ub() / part)));
  std::uint64_t number = 0;
  for (std::int64_t block = 0; block < row_blocks(plan); ++block) {
    const std::uint32_t announced = announcements(plan, block);
    const std::int64_t rows = rows_of(plan, block);
    for (std::int64_t row = 0; row < rows; row += at_a_time) {
      const std::size_t core = number % vector_cores;
      if (core < mergers.size()) {
        mergers[core].rows(block, std::min(at_a_time, rows - row), announced, number);
      }
      ++number;
    }
  }
}

}  // namespace reticle::kernels::davinci
