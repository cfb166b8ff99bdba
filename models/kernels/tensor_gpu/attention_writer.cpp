#include "models/kernels/tensor_gpu/attention_writer.h"

#include <algorithm>

#include "models/chips/family.h"
#include "models/kernels/numbers.h"
#include "schema/dtype.h"
#include "sim/compute/units.h"
#include "sim/memory/tile_access.h"

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;
using compute::Instruction;
using compute::Wait;

namespace {

enum TensorNumber : std::uint32_t { kQ, kK, kV, kO, kTable };

constexpr std::int64_t kSector = 32;           // bytes of the shortest read
constexpr std::uint32_t kProducerLookups = 4;  // tile counter, schedule, lengths, page table

std::uint64_t tile(std::uint32_t tensor, std::int64_t number) {
  return memory::tile_key(tensor, static_cast<std::uint64_t>(number));
}

MatrixStep times(const MatrixStep& step, std::int64_t blocks) {
  return {step.tensor * blocks, step.smem * blocks, step.conflict * blocks};
}

}  // namespace

AttentionWriter::AttentionWriter(std::uint32_t sm, const AttentionTiling& tiling,
                                 const AttentionWork& work, const Target& target)
    : tiling_(tiling),
      work_(work),
      gpu_(target.chip.tensor_gpu()),
      steps_(attention_steps(tiling, work, target)),
      queries_(flags_, 1, 1),
      keys_(flags_, kAttentionStages, 1),
      values_(flags_, kAttentionStages, 1),
      output_ready_(flags_.next()),
      output_stored_(flags_.next()),
      looked_up_(flags_.next()),
      lengths_known_(flags_.next()),
      overhead_(target.variants.attention().tile_overhead()) {
  program_.core = sm;
  program_.queues.resize(chips::kSmQueues);
  for (std::int64_t w = 0; w < tiling.warpgroups; ++w) {
    warpgroups_.push_back({flags_.next(), flags_.next(), flags_.next(), flags_.next()});
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

void AttentionWriter::task(const AttentionTask& task) {
  const std::vector<Step> steps = steps_of(task);
  if (tiling_.gathered) {
    look_up(task);
    gather_queries(task);
  } else {
    load_queries(task);
  }
  load(kK, task.kv_head, steps.front());
  for (std::size_t w = 0; w < warpgroups_.size(); ++w) {
    scores(steps.front(), w);
    softmax(steps.front(), w);
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step* next = steps[i].ends ? nullptr : &steps[i + 1];
    if (next != nullptr) {
      load(kK, task.kv_head, *next);
    }
    load(kV, task.kv_head, steps[i]);
    for (std::size_t w = 0; w < warpgroups_.size(); ++w) {
      if (next != nullptr) {
        scores(*next, w);
        softmax(*next, w);
      }
      values(steps[i], next, w);
    }
  }
  for (std::size_t w = 0; w < warpgroups_.size(); ++w) {
    epilogue(w);
  }
  store(task);
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
  queries_.filled();
  push(chips::kTma, load);
}

// Each read needs what the one before brought.
void AttentionWriter::look_up(const AttentionTask& task) {
  for (std::uint32_t i = 0; i < kProducerLookups; ++i) {
    Instruction read;
    if (lookups_ > 0) {
      read.waits[0] = {looked_up_, lookups_};
    }
    read.raises[0] = looked_up_;
    read.bytes = narrow(kSector);
    read.key = tile(kTable, task.kv_head / work_.kv_heads);
    push(chips::kTma, read);
    ++lookups_;
  }
}

// Q's place is free when all products with it are done, which the epilogue implies.
void AttentionWriter::gather_queries(const AttentionTask& task) {
  Instruction lengths;
  lengths.waits[0] = {warpgroups_.back().epilogue_done, tasks_};  // epilogues run in order
  lengths.raises[0] = lengths_known_;
  lengths.bytes = narrow(kSector);
  lengths.key = tile(kTable, task.kv_head / work_.kv_heads);
  push(chips::kWarpLoad, lengths);
  Instruction load = query_load(task);
  load.waits[0] = {lengths_known_, tasks_ + 1};
  queries_.filled();
  push(chips::kWarpLoad, load);
}

void AttentionWriter::load(std::uint32_t tensor, std::int64_t kv_head, const Step& step) {
  Ring& ring = tensor == kK ? keys_ : values_;
  Instruction load;
  load.waits[0] = ring.may_fill();
  load.raises[0] = ring.raise_full();
  if (tensor == kV && step.starts && tasks_ > 0) {
    load.waits[1] = {output_stored_, tasks_};
  }
  if (tensor == kK && step.starts && tiling_.gathered) {
    load.waits[1] = {looked_up_, lookups_};
  }
  const std::int64_t width = tensor == kK ? work_.key_width : work_.value_width;
  load.bytes = narrow(data_bytes(step.keys * width, work_.dtype));
  load.key = tile(tensor, kv_head * ceil_div(work_.kv_len, tiling_.keys) + step.first);
  ring.filled();
  push(chips::kTma, load);
}

// The threads of a warpgroup issue this once they are done with the softmax of the block before, or
// with the epilogue of the task before.
void AttentionWriter::scores(const Step& step, std::size_t w) {
  Warpgroup& group = warpgroups_[w];
  Instruction mma = matrix_instruction(times(steps_.scores, step.blocks));
  mma.operations = narrow(2 * kWarpgroupRows * tiling_.keys * work_.key_width * step.blocks);
  mma.waits[0] = keys_.may_drain();
  if (step.starts) {
    mma.waits[1] = queries_.may_drain();
    mma.waits[2] = {group.epilogue_done, tasks_};
  } else {
    mma.waits[1] = {group.ready, group.softmaxes};
  }
  mma.raises[0] = group.scores_done;
  if (is_last(w)) {
    mma.raises[1] = keys_.raise_empty();
    keys_.drained();
  }
  ++group.scores;
  push(chips::kTensorCore, mma);
}

void AttentionWriter::softmax(const Step& step, std::size_t w) {
  Warpgroup& group = warpgroups_[w];
  const std::int64_t mask = step.masked * steps_.mask;
  Instruction exponent = vector_instruction(
      step.blocks * steps_.softmax.cycles + mask + gpu_.matrix_latency() + gpu_.barrier(),
      step.blocks * steps_.softmax.fp32 + mask, step.blocks * steps_.softmax.sfu, gpu_);
  exponent.waits[0] = {group.scores_done, group.scores};
  Instruction* last = &exponent;
  Instruction rescale =
      vector_instruction(step.blocks * steps_.rescale, step.blocks * steps_.rescale, 0, gpu_);
  if (!step.starts) {
    rescale.waits[0] = {group.values_done, group.values + 1};  // of the block before
    last = &rescale;
  }
  last->raises[0] = group.ready;
  if (step.ends && is_last(w)) {
    last->raises[1] = queries_.raise_empty();
    queries_.drained();
  }
  ++group.softmaxes;
  push(chips::kCudaCores, exponent);
  if (!step.starts) {
    push(chips::kCudaCores, rescale);
  }
}

// Beside it runs the softmax of the warpgroup's next block, or that of another warpgroup.
void AttentionWriter::values(const Step& step, const Step* next, std::size_t w) {
  Warpgroup& group = warpgroups_[w];
  MatrixStep product = steps_.values;
  product.conflict = next != nullptr || warpgroups_.size() > 1 ? steps_.conflict : 0;
  Instruction mma = matrix_instruction(times(product, step.blocks));
  mma.operations = narrow(2 * kWarpgroupRows * tiling_.keys * work_.value_width * step.blocks);
  mma.waits = {values_.may_drain(), Wait{group.ready, group.values + 1}, Wait{}};
  mma.raises[0] = group.values_done;
  if (is_last(w)) {
    mma.raises[1] = values_.raise_empty();
    values_.drained();
  }
  ++group.values;
  push(chips::kTensorCore, mma);
}

// O divided by the row sums, to shared memory: the result, or in FP32 where keys are split.
void AttentionWriter::epilogue(std::size_t w) {
  Warpgroup& group = warpgroups_[w];
  const Dtype out = tiling_.splits > 1 ? DTYPE_FLOAT32 : work_.dtype;
  const std::int64_t bytes = data_bytes(kWarpgroupRows * work_.value_width, out);
  Instruction scale = epilogue_instruction(2 * steps_.rescale, bytes, gpu_);
  if (tiling_.gathered) {  // rows of several heads: threads store them, not the TMA
    scale.cycles += narrow(ceil_div(bytes, static_cast<std::int64_t>(gpu_.l2_write())));
  }
  scale.cycles += narrow(overhead_);
  scale.waits[0] = {group.values_done, group.values};
  scale.raises[0] = group.epilogue_done;
  if (is_last(w)) {
    scale.raises[1] = output_ready_;
  }
  push(chips::kCudaCores, scale);
}

void AttentionWriter::store(const AttentionTask& task) {
  const bool partial = tiling_.splits > 1;
  Instruction store;
  store.waits[0] = {output_ready_, ++tasks_};
  store.raises[0] = output_stored_;
  store.bytes =
      narrow(data_bytes(task.rows * work_.value_width, partial ? DTYPE_FLOAT32 : work_.dtype));
  store.key = tile(kO, task.rows_key * tiling_.splits + task.split);
  push(chips::kTmaStore, store);
}

}  // namespace reticle::kernels::tensor_gpu
