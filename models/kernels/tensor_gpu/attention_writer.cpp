#include "models/kernels/tensor_gpu/attention_writer.h"

#include <algorithm>

#include "models/chips/family.h"
#include "models/kernels/attention_work.h"
#include "models/kernels/numbers.h"
#include "models/kernels/tensor_gpu/matrix_path.h"
#include "schema/dtype.h"
#include "sim/compute/units.h"
#include "sim/memory/tile_access.h"

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;
using compute::Instruction;
using compute::Wait;

namespace {

enum TensorNumber : std::uint32_t { kQ, kK, kV, kO, kTable };

constexpr std::int64_t kSector = 32;     // bytes of the shortest read
constexpr std::int64_t kScheduled = 31;  // sequences of which a warp reads the schedule at once

std::uint64_t tile(std::uint32_t tensor, std::int64_t number) {
  return memory::tile_key(tensor, static_cast<std::uint64_t>(number));
}

MatrixStep times(const MatrixStep& step, std::int64_t blocks) {
  return {step.tensor * blocks, step.smem * blocks, step.conflict * blocks};
}

}  // namespace

AttentionWriter::AttentionWriter(const std::vector<AttentionTask>& tasks, bool shared,
                                 const AttentionTiling& tiling, const AttentionWork& work,
                                 const Target& target, FlagCounter& flags,
                                 compute::CoreProgram& program)
    : tasks_(tasks),
      shared_(shared),
      tiling_(tiling),
      work_(work),
      gpu_(target.chip.tensor_gpu()),
      producer_(has_producer(gpu_)),
      latent_(is_latent(work)),
      out_(tiling.splits > 1 ? DTYPE_FLOAT32 : attention_out(work.dtype)),
      steps_(attention_steps(tiling, work, target)),
      program_(program),
      queries_(flags, 1, 1),
      keys_(flags, narrow(tiling.stages), 1),
      values_(flags, narrow(tiling.stages), 1),
      started_(flags.next()),
      output_ready_(flags.next()),
      output_stored_(flags.next()),
      looked_up_(flags.next()),
      lengths_known_(flags.next()),
      overhead_(target.variants.attention().tile_overhead()) {
  for (std::int64_t g = 0; g < tiling.groups; ++g) {
    groups_.push_back({flags.next(), flags.next(), flags.next(), flags.next()});
  }
}

void AttentionWriter::push(std::uint32_t queue, const Instruction& instruction) {
  program_.queues[queue].push_back(instruction);
}

std::vector<AttentionWriter::Step> AttentionWriter::steps_of(const AttentionTask& task) const {
  std::vector<Step> steps;
  for (std::int64_t first = task.first; first < task.end; first += tiling_.merge) {
    const std::int64_t end = std::min(task.end, first + tiling_.merge);
    Step step;
    step.first = first;
    step.blocks = end - first;
    step.keys = std::min(step.blocks * tiling_.keys, work_.kv_len - first * tiling_.keys);
    step.masked = std::clamp<std::int64_t>(end - task.unmasked, 0, step.blocks);
    step.starts = first == task.first;
    step.ends = end == task.end;
    steps.push_back(step);
  }
  return steps;
}

bool AttentionWriter::advance() {
  if (tasks_ended_ == tasks_.size()) {
    return false;
  }
  if (tasks_begun_ == tasks_ended_) {
    begin();
  }
  if (tiling_.overlapped) {
    overlapped_step();
  } else if (!halfway_) {
    first_half();
    halfway_ = true;
    return true;
  } else {
    second_half();
    halfway_ = false;
  }
  if (at_->ends) {
    finish();
  } else {
    ++at_;
  }
  return true;
}

void AttentionWriter::begin() {
  ++tasks_begun_;
  step_list_ = steps_of(task());
  at_ = step_list_.begin();
  if (!tiling_.persistent && tasks_ended_ > 0) {
    block_start();
  }
  look_up(task());
  if (tiling_.gathered && tiling_.packed && producer_) {
    gather_queries(task());
  } else {
    load_queries(task());
  }
  load(kK, *at_);
  for (std::size_t g = 0; tiling_.overlapped && g < groups_.size(); ++g) {
    scores(*at_, g);
    softmax(*at_, g);
  }
}

void AttentionWriter::overlapped_step() {
  if (next() != nullptr) {
    load(kK, *next());
  }
  load(kV, *at_);
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    if (next() != nullptr) {
      scores(*next(), g);
      softmax(*next(), g);
    }
    values(*at_, g);
  }
}

void AttentionWriter::first_half() {
  load(kV, *at_);
  if (next() != nullptr) {
    load(kK, *next());
  }
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    scores(*at_, g);
    softmax(*at_, g);
  }
}

void AttentionWriter::second_half() {
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    values(*at_, g);
  }
}

void AttentionWriter::finish() {
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    epilogue(g);
  }
  store(task());
}

// A thread block comes when the one before has gone.
void AttentionWriter::block_start() {
  Instruction launch;
  launch.waits[0] = {output_stored_, tasks_ended_};
  launch.raises[0] = started_;
  launch.cycles = gpu_.block_start();
  push(chips::kWarpLoad, launch);
}

// Each read needs what the one before brought. A scheduler that is not told where the next task is
// reads its way there.
void AttentionWriter::look_up(const AttentionTask& task) {
  const std::int64_t sequence = task.kv_head / work_.kv_heads;
  const std::int64_t schedule = sequence / kScheduled;
  const bool walks = tiling_.persistent && tiling_.look_ups > 0;
  const std::int64_t reads =
      tiling_.look_ups + (walks ? std::max<std::int64_t>(0, schedule - schedule_) : 0);
  schedule_ = schedule;
  for (std::int64_t i = 0; i < reads; ++i) {
    Instruction read;
    if (lookups_ > 0) {
      read.waits[0] = {looked_up_, lookups_};
    }
    if (i == 0 && tasks_ended_ > 0 && !producer_) {
      read.waits[1] =
          tiling_.persistent ? Wait{output_stored_, tasks_ended_} : Wait{started_, tasks_ended_};
    }
    read.raises[0] = looked_up_;
    read.bytes = narrow(kSector);
    read.key = tile(kTable, sequence);
    push(chips::kTma, read);
    ++lookups_;
  }
}

Instruction AttentionWriter::query_load(const AttentionTask& task) const {
  Instruction load;
  load.raises[0] = queries_.raise_full();
  load.bytes = narrow(data_bytes(task.rows * work_.key_width, work_.dtype));
  load.key = tile(kQ, task.rows_key);
  return load;
}

void AttentionWriter::load_queries(const AttentionTask& task) {
  Instruction load = query_load(task);
  load.waits[0] = queries_.may_fill();
  if (lookups_ > 0) {
    load.waits[1] = {looked_up_, lookups_};
  }
  queries_.filled();
  push(chips::kTma, load);
}

// Q's place is free when all products with it are done, which the epilogue implies.
void AttentionWriter::gather_queries(const AttentionTask& task) {
  Instruction lengths;
  lengths.waits[0] = {groups_.back().epilogue_done, tasks_ended_};  // epilogues run in order
  lengths.raises[0] = lengths_known_;
  lengths.bytes = narrow(kSector);
  lengths.key = tile(kTable, task.kv_head / work_.kv_heads);
  push(chips::kWarpLoad, lengths);
  Instruction load = query_load(task);
  load.waits[0] = {lengths_known_, tasks_ended_ + 1};
  queries_.filled();
  push(chips::kWarpLoad, load);
}

void AttentionWriter::load(std::uint32_t tensor, const Step& step) {
  if (tensor == kV && latent_) {
    return;
  }
  Ring& ring = tensor == kK ? keys_ : values_;
  Instruction load;
  load.waits[0] = ring.may_fill();
  load.raises[0] = ring.raise_full();
  if (tensor == kV && step.starts && tasks_ended_ > 0 && tiling_.through_smem) {
    load.waits[1] = {output_stored_, tasks_ended_};
  }
  if (tensor == kK && step.starts && lookups_ > 0) {
    load.waits[1] = {looked_up_, lookups_};
  }
  const std::int64_t width = tensor == kK ? work_.key_width : work_.value_width;
  load.bytes = narrow(data_bytes(step.keys * width, work_.dtype));
  load.key = tile(tensor, task().kv_head * ceil_div(work_.kv_len, tiling_.keys) + step.first);
  ring.filled();
  push(chips::kTma, load);
}

// With mma.sync all warps meet at a barrier and read their first operands before they multiply;
// another thread block hides that.
Instruction AttentionWriter::product(const MatrixStep& step, std::int64_t blocks,
                                     std::int64_t width) {
  Instruction mma = matrix_instruction(times(step, blocks));
  mma.operations = narrow(2 * tiling_.group_rows * tiling_.keys * width * blocks);
  if (!producer_ && !shared_) {
    mma.cycles += narrow(blocks * (gpu_.barrier() + gpu_.fragment_latency()));
  }
  return mma;
}

// The threads of a group issue this once they are done with the softmax of the block before, or
// with the epilogue of the task before.
void AttentionWriter::scores(const Step& step, std::size_t g) {
  Group& group = groups_[g];
  Instruction mma = product(steps_.scores, step.blocks, work_.key_width);
  mma.waits[0] = keys_.may_drain();
  if (step.starts) {
    mma.waits[1] = queries_.may_drain();
    mma.waits[2] = {group.epilogue_done, tasks_ended_};
  } else {
    mma.waits[1] = tiling_.overlapped ? Wait{group.ready, group.softmaxes}
                                      : Wait{group.values_done, group.values};
  }
  mma.raises[0] = group.scores_done;
  if (is_last(g) && !latent_) {
    mma.raises[1] = keys_.raise_empty();
    keys_.drained();
  }
  ++group.scores;
  push(chips::kTensorCore, mma);
}

void AttentionWriter::softmax(const Step& step, std::size_t g) {
  Group& group = groups_[g];
  const std::int64_t mask = step.masked * steps_.mask;
  Instruction exponent = vector_instruction(
      step.blocks * steps_.softmax.cycles + mask + gpu_.matrix_latency() + gpu_.barrier(),
      step.blocks * steps_.softmax.fp32 + mask, step.blocks * steps_.softmax.sfu, gpu_);
  exponent.waits[0] = {group.scores_done, group.scores};
  Instruction* last = &exponent;
  Instruction rescale =
      vector_instruction(step.blocks * steps_.rescale, step.blocks * steps_.rescale, 0, gpu_);
  if (!step.starts) {  // values of the block before
    rescale.waits[0] = {group.values_done, tiling_.overlapped ? group.values + 1 : group.values};
    last = &rescale;
  }
  last->raises[0] = group.ready;
  if (step.ends && is_last(g)) {
    last->raises[1] = queries_.raise_empty();
    queries_.drained();
  }
  ++group.softmaxes;
  push(chips::kCudaCores, exponent);
  if (!step.starts) {
    push(chips::kCudaCores, rescale);
  }
}

// Beside it may run the softmax of the group's next block, of another group or thread block.
void AttentionWriter::values(const Step& step, std::size_t g) {
  Group& group = groups_[g];
  const bool beside = (tiling_.overlapped && !step.ends) || groups_.size() > 1 || shared_;
  MatrixStep with_values = steps_.values;
  with_values.conflict = beside ? steps_.conflict : 0;
  Instruction mma = product(with_values, step.blocks, work_.value_width);
  Ring& ring = latent_ ? keys_ : values_;
  mma.waits = {ring.may_drain(), Wait{group.ready, group.values + 1}, Wait{}};
  mma.raises[0] = group.values_done;
  if (is_last(g)) {
    mma.raises[1] = ring.raise_empty();
    ring.drained();
  }
  ++group.values;
  push(chips::kTensorCore, mma);
}

// O divided by the row sums, to shared memory: the result, or in FP32 where keys are split.
void AttentionWriter::epilogue(std::size_t g) {
  Group& group = groups_[g];
  const std::int64_t bytes = data_bytes(tiling_.group_rows * work_.value_width, out_);
  Instruction scale = epilogue_instruction(2 * steps_.rescale, bytes, gpu_);
  if (tiling_.gathered || !tiling_.through_smem) {  // threads store, not the TMA
    scale.cycles += narrow(ceil_div(bytes, static_cast<std::int64_t>(gpu_.l2_write())));
  }
  scale.cycles += narrow(overhead_);
  scale.waits[0] = {group.values_done, group.values};
  scale.raises[0] = group.epilogue_done;
  if (is_last(g)) {
    scale.raises[1] = output_ready_;
  }
  push(chips::kCudaCores, scale);
}

void AttentionWriter::store(const AttentionTask& task) {
  Instruction store;
  store.waits[0] = {output_ready_, ++tasks_ended_};
  store.raises[0] = output_stored_;
  store.bytes = narrow(data_bytes(task.rows * work_.value_width, out_));
  store.key = tile(kO, task.rows_key * tiling_.splits + task.split);
  push(chips::kTmaStore, store);
}

}  // namespace reticle::kernels::tensor_gpu
