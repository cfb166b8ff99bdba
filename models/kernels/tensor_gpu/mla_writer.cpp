#include "models/kernels/tensor_gpu/mla_writer.h"

#include <algorithm>
#include <optional>

#include "models/chips/family.h"
#include "models/kernels/numbers.h"
#include "schema/dtype.h"
#include "sim/compute/scratchpad.h"
#include "sim/compute/units.h"
#include "sim/memory/tile_access.h"

namespace reticle::kernels::tensor_gpu {

using compute::Flag;
using compute::Instruction;
using compute::Wait;

namespace {

enum TensorNumber : std::uint32_t { kQ, kKv, kO };

constexpr std::int64_t kWarpgroups = 2;
constexpr std::uint64_t kPartials = 1ULL << 40;  // keys of partial results, apart from outputs

std::int64_t bytes_of(std::int64_t rows, std::int64_t columns, Dtype dtype) {
  return static_cast<std::int64_t>(static_cast<double>(rows * columns) * element_bytes(dtype));
}

// Q, two blocks of K (V is part of K), and P of both warpgroups.
void check_shared_memory(const MlaWork& work, const TensorGpu& gpu) {
  compute::Scratchpad shared("shared memory", gpu.shared_memory());
  shared.reserve(static_cast<double>(bytes_of(kMlaRows, work.key_width, work.dtype)));
  shared.reserve(static_cast<double>(2 * bytes_of(kMlaBlock, work.key_width, work.dtype)));
  shared.reserve(static_cast<double>(bytes_of(kMlaRows, kMlaBlock, work.dtype)));
}

}  // namespace

MlaWriter::MlaWriter(std::uint32_t sm, const MlaWork& work, const MlaParts& parts,
                     const Target& target)
    : work_(work),
      parts_(parts),
      gpu_(target.chip.tensor_gpu()),
      steps_(mla_steps(work, target)),
      left_done_(flags_.next()),
      exchange_done_(flags_.next()),
      segment_done_(flags_.next()),
      output_ready_(flags_.next()),
      queries_(flags_, 1, 1),
      overhead_(kWarpgroups * target.variants.attention().tile_overhead()) {
  check_shared_memory(work, gpu_);
  program_.core = sm;
  program_.queues.resize(chips::kSmQueues);
  for (std::size_t slot = 0; slot < 2; ++slot) {
    scores_done_[slot] = flags_.next();
    softmax_done_[slot] = flags_.next();
    for (std::size_t part = 0; part < kParts; ++part) {
      full_[slot][part] = flags_.next();
      empty_[slot][part] = flags_.next();
    }
  }
}

void MlaWriter::push(std::uint32_t queue, const Instruction& instruction) {
  program_.queues[queue].push_back(instruction);
}

std::int64_t MlaWriter::sub_tiles(Part part) const {
  const std::int64_t values = work_.value_width / kMlaColumns;
  return part == kRest ? (work_.key_width - work_.value_width) / kMlaColumns : values / 2;
}

Wait MlaWriter::may_fill(const Block& block, Part part) const {
  const auto slot = static_cast<std::size_t>(block.number % 2);
  return block.number < 2 ? Wait{} : Wait{empty_[slot][part], narrow(block.number / 2)};
}

// The first `count` sub-tiles of a part have arrived.
Wait MlaWriter::full(const Block& block, Part part, std::int64_t count) const {
  const auto slot = static_cast<std::size_t>(block.number % 2);
  return {full_[slot][part], narrow(block.number / 2 * sub_tiles(part) + count)};
}

void MlaWriter::segment(const MlaSegment& segment, std::int64_t row_block) {
  load_queries(segment, row_block);
  std::optional<Block> first;
  for (std::int64_t b = segment.first; b < segment.end; ++b) {
    Block block;
    block.number = blocks_++;
    block.first_key = static_cast<std::uint64_t>(segment.sequence * parts_.kv_blocks + b) *
                      static_cast<std::uint64_t>(work_.key_width / kMlaColumns);
    block.rows = std::min(kMlaBlock, work_.kv_len - b * kMlaBlock);
    load_block(block);
    if (!first && b + 1 < segment.end) {
      first = block;
    } else {
      pair(first ? *first : block, first ? &block : nullptr);
      first.reset();
    }
  }
  queries_.drained();
  finish(segment, row_block);
}

void MlaWriter::load_queries(const MlaSegment& segment, std::int64_t row_block) {
  const std::int64_t rows = std::min(kMlaRows, work_.queries - row_block * kMlaRows);
  Instruction load;
  load.waits[0] = queries_.may_fill();
  load.raises[0] = queries_.raise_full();
  load.bytes = narrow(bytes_of(rows, work_.key_width, work_.dtype));
  load.key = memory::tile_key(
      kQ, static_cast<std::uint64_t>(segment.sequence * parts_.row_blocks + row_block));
  queries_.filled();
  push(chips::kTma, load);
}

void MlaWriter::load_block(const Block& block) {
  std::uint64_t key = block.first_key;
  for (const Part part : {kLeft, kRight, kRest}) {
    for (std::int64_t i = 0; i < sub_tiles(part); ++i) {
      Instruction load;
      load.waits[0] = may_fill(block, part);
      load.raises[0] = full_[static_cast<std::size_t>(block.number % 2)][part];
      load.bytes = narrow(bytes_of(block.rows, kMlaColumns, work_.dtype));
      load.key = memory::tile_key(kKv, key++);
      push(chips::kTma, load);
    }
  }
}

// Q K^T of one block, sub-tile by sub-tile as they arrive.
void MlaWriter::scores(const Block& block, std::uint32_t warpgroup) {
  const auto slot = static_cast<std::size_t>(block.number % 2);
  for (const Part part : {kLeft, kRight, kRest}) {
    for (std::int64_t i = 0; i < sub_tiles(part); ++i) {
      Instruction mma = matrix_instruction(steps_.scores);
      mma.operations = narrow(2 * kMlaRows * kMlaBlock * kMlaColumns);
      mma.waits = {queries_.may_drain(), full(block, part, i + 1)};
      if (part == kRest && i + 1 == sub_tiles(part)) {
        mma.raises = {empty_[slot][kRest], scores_done_[warpgroup]};
      }
      push(chips::kTensorCore, mma);
    }
  }
}

// Maximum, exp2, sum and conversion, then the warpgroup's own half of O scaled to the new maximum.
void MlaWriter::softmax(std::uint32_t warpgroup) {
  const std::int64_t cycles = steps_.softmax.cycles + steps_.rescale + gpu_.matrix_latency() +
                              gpu_.barrier() + (warpgroup == 1 ? steps_.exchange : 0);
  Instruction step =
      vector_instruction(cycles, steps_.softmax.fp32 + steps_.rescale, steps_.softmax.sfu, gpu_);
  step.waits[0] = {scores_done_[warpgroup], ++softmaxes_[warpgroup]};
  step.raises[0] = softmax_done_[warpgroup];
  push(chips::kCudaCores, step);
}

// The first block's P and O are brought to the second block's maximum and P goes to shared memory
// for the other warpgroup.
void MlaWriter::exchange() {
  const std::int64_t scale = steps_.rescale + steps_.softmax.fp32 / 4;
  Instruction step = vector_instruction(scale + steps_.exchange + gpu_.barrier(), scale, 0, gpu_);
  step.waits[0] = {left_done_, ++lefts_};
  step.raises[0] = exchange_done_;
  step.local_bytes = narrow(steps_.exchange * static_cast<std::int64_t>(gpu_.shared_read()));
  ++exchanges_;
  push(chips::kCudaCores, step);
}

void MlaWriter::values(const Block& block, Part half, bool own, Wait ready, Flag done) {
  const auto slot = static_cast<std::size_t>(block.number % 2);
  Instruction mma = matrix_instruction(own ? steps_.values_own : steps_.values_other);
  mma.operations = narrow(2 * kMlaRows * kMlaBlock * work_.value_width / 2);
  mma.waits = {ready, full(block, half, sub_tiles(half))};
  mma.raises = {empty_[slot][half], done};
  push(chips::kTensorCore, mma);
}

// Order in which the tensor core sees two blocks. The first warpgroup's softmax hides behind the
// second's scores, the second's behind the first product with V, the exchange behind the second.
void MlaWriter::pair(const Block& first, const Block* second) {
  scores(first, 0);
  if (second != nullptr) {
    scores(*second, 1);
  }
  softmax(0);
  values(first, kLeft, true, {softmax_done_[0], softmaxes_[0]}, left_done_);
  if (second != nullptr) {
    softmax(1);
    values(*second, kRight, true, {softmax_done_[1], softmaxes_[1]}, compute::kNoFlag);
  }
  exchange();
  const Wait exchanged = {exchange_done_, exchanges_};
  values(first, kRight, false, exchanged, second == nullptr ? segment_done_ : compute::kNoFlag);
  if (second != nullptr) {
    values(*second, kLeft, false, exchanged, segment_done_);
  }
}

// O scaled by the row sums, through Q's place in shared memory to L2: the result, or in FP32 if
// the sequence is split.
void MlaWriter::finish(const MlaSegment& segment, std::int64_t row_block) {
  const std::int64_t rows = std::min(kMlaRows, work_.queries - row_block * kMlaRows);
  const bool partial = segment.splits > 1;
  const Dtype out = partial ? DTYPE_FLOAT32 : work_.dtype;
  const std::int64_t fp32 = 4 * steps_.rescale;  // scale and convert both halves
  Instruction scale = epilogue_instruction(fp32, bytes_of(kMlaRows, work_.value_width, out), gpu_);
  scale.cycles += narrow(overhead_);
  scale.waits[0] = {segment_done_, exchanges_};
  scale.raises[0] = output_ready_;
  push(chips::kCudaCores, scale);
  Instruction store;
  store.waits[0] = {output_ready_, ++segments_};
  store.raises[0] = queries_.raise_empty();
  store.bytes = narrow(bytes_of(rows, work_.value_width, out));
  const std::int64_t block = segment.sequence * parts_.row_blocks + row_block;
  store.key = partial ? partial_key(block, segment.first)
                      : memory::tile_key(kO, static_cast<std::uint64_t>(block));
  push(chips::kTmaStore, store);
}

std::uint64_t MlaWriter::partial_key(std::int64_t block, std::int64_t first) const {
  return memory::tile_key(kO,
                          kPartials + static_cast<std::uint64_t>(block * parts_.kv_blocks + first));
}

}  // namespace reticle::kernels::tensor_gpu
