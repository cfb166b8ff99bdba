
#include "models/chips/family.h"
#include "models/kernels/davinci/attention_plan.h"
#include "models/kernels/davinci/core_units.h"
#include "models/kernels/numbers.h"
#include "models/kernels/program_builder.h"
#include "sim/memory/tile_access.h"

namespace reticle::kernels::davinci {

using compute::Instruction;
using compute::kNoFlag;
using compute::Wait;
using memory::tile_key;

namespace {

constexpr double kFp32 = 4;
constexpr std::uint32_t kBuffers = 2;
// Softmax of a score: scale, row maximum, subtract, row sum, cast; and one exp.
constexpr std::int64_t kScorePasses = 5;
// A row's running maximum and sum: maximum, subtract, multiply, add; and one exp.
constexpr std::int64_t kStatePasses = 4;
// Rescale the accumulator and add the partial; at the end divide by the sum and cast.
constexpr std::int64_t kUpdatePasses = 2;
constexpr std::int64_t kFinishPasses = 2;

// One vector core: online softmax of its rows of every block, and the update of their outputs. The
// accumulator is FP32 and lives in a workspace in L2, as UB cannot hold it beside the scores.
class AttentionVector {
 public:
  AttentionVector(const AttentionPlan& plan, std::uint32_t core, std::int64_t helper)
      : plan_(plan),
        tensors_(attention_tensors(plan.shape)),
        unit_(vector_unit(plan.target.chip.davinci())),
        core_(core),
        helper_(helper),
        scores_(flags_, buffers(), 1),
        probabilities_(flags_, buffers(), 1),
        sums_(flags_, buffers(), 2),
        outputs_(flags_, buffers(), 1),
        stored_(flags_.next()) {
    program_.core = plan.target.chip.davinci().cube_cores() +
                    core * static_cast<std::uint32_t>(plan.vector_cores) +
                    static_cast<std::uint32_t>(helper);
    program_.queues.resize(chips::kVectorQueues);
  }

  void softmax(const AttentionBlock& block, std::size_t number) {
    for_rows(block, [&](std::int64_t /*row*/, std::int64_t count, bool last) {
      const std::int64_t elements = count * block.keys;
      load(scores_, {scores_ready(core_), count_of(number)}, whole(real(elements) * kFp32),
           workspace_key(tensors_.scores, core_, number, 0), 1);
      scores_.filled();
      compute(scores_, probabilities_, elements,
              simple_cycles(unit_, elements, kScorePasses) + special_cycles(unit_, elements, 1) +
                  simple_cycles(unit_, count, kStatePasses) + special_cycles(unit_, count, 1),
              (kScorePasses + 1) * elements, real(elements) * (kFp32 + plan_.bytes));
      const bool adds = plan_.schedule.adds_in_l2;
      store(probabilities_, whole(real(elements) * plan_.bytes),
            workspace_key(tensors_.probabilities, core_, number, helper_),
            last && !adds ? probabilities_ready(core_) : kNoFlag);
      if (adds) {
        rescale_in_l2(block, number, count, last);
      }
    });
  }

  // After the softmax of block `number` is with the cube: rescale and add, or with AMLA, at the end
  // of a task, divide what L2 holds.
  void update(const AttentionBlock& block, std::size_t number) {
    if (plan_.schedule.adds_in_l2 && !block.last) {
      return;
    }
    for_rows(block, [&](std::int64_t row, std::int64_t count, bool /*last*/) {
      update_rows(block, number, count, row / plan_.vector_rows);
    });
    stores_before_ = stores_;
  }

  compute::CoreProgram take() { return std::move(program_); }

 private:
  std::uint32_t buffers() const { return plan_.schedule.staged ? 1 : kBuffers; }

  static std::uint32_t count_of(std::size_t number) {
    return static_cast<std::uint32_t>(number) + 1;
  }

  // visit(first row, rows, whether they are the last) over this core's rows, as UB takes them.
  template <class Visit>
  void for_rows(const AttentionBlock& block, const Visit& visit) const {
    const std::int64_t rows = vector_core_rows(plan_, block.rows, helper_);
    for (std::int64_t row = 0; row < rows; row += plan_.vector_rows) {
      const std::int64_t count = std::min(plan_.vector_rows, rows - row);
      visit(row, count, row + count == rows);
    }
  }

  // AMLA: multiplying an FP32 number by a power of two is adding to its exponent. The vector core
  // fills UB with the addends of its rows and MTE3 adds them to the output in L2, after the sums of
  // the block before have been added.
  void rescale_in_l2(const AttentionBlock& block, std::size_t number, std::int64_t count,
                     bool last) {
    if (block.first) {
      signal(last ? probabilities_ready(core_) : kNoFlag);
      return;
    }
    const std::int64_t elements = count * plan_.shape.value_width;
    Instruction fill;
    fill.waits[0] = outputs_.may_fill();
    fill.raises[0] = outputs_.raise_full();
    charge(fill, simple_cycles(unit_, elements, 1), elements, real(elements) * kFp32);
    outputs_.filled();
    program_.queues[chips::kVector].push_back(fill);
    store(outputs_, whole(real(elements) * kFp32), accumulator_key(0),
          last ? probabilities_ready(core_) : kNoFlag,
          {partial_ready(core_), static_cast<std::uint32_t>(number)});
  }

  // A raise from MTE3 once everything before it has been stored.
  void signal(compute::Flag flag) {
    if (flag != kNoFlag) {
      Instruction signal;
      signal.raises[0] = flag;
      program_.queues[chips::kMte3].push_back(signal);
    }
  }

  std::uint64_t accumulator_key(std::int64_t chunk) const {
    return plan_.schedule.adds_in_l2
               ? workspace_key(tensors_.accumulator, core_, 0, 0)
               : tile_key(tensors_.accumulator, (std::uint64_t{program_.core} << 10U) +
                                                    static_cast<std::uint64_t>(chunk));
  }

  // The first block's partial is the accumulator; later ones are added to it, the last one divides.
  void update_rows(const AttentionBlock& block, std::size_t number, std::int64_t count,
                   std::int64_t chunk) {
    const std::int64_t elements = count * plan_.shape.value_width;
    const std::uint32_t bytes = whole(real(elements) * kFp32);
    const bool adds = !block.first && !plan_.schedule.adds_in_l2;
    load(sums_, {partial_ready(core_), count_of(number)}, bytes,
         plan_.schedule.adds_in_l2 ? accumulator_key(0)
                                   : workspace_key(tensors_.partial, core_, number, 0),
         adds ? 1 : 2);
    if (adds) {
      load(sums_, {stored_, stored_before(block, chunk)}, bytes, accumulator_key(chunk), 1);
    }
    sums_.filled();
    const bool divides = block.last && plan_.splits == 1;
    const std::int64_t passes =
        std::max<std::int64_t>(1, (adds ? kUpdatePasses : 0) + (divides ? kFinishPasses : 0));
    const double out = divides ? plan_.bytes : kFp32;
    compute(
        sums_, outputs_, adds ? 2 * elements : elements,
        simple_cycles(unit_, elements, passes) + (divides ? special_cycles(unit_, count, 1) : 0),
        passes * elements, real(elements) * ((adds ? 2 : 1) * kFp32 + out));
    store(outputs_, whole(real(elements) * out),
          block.last ? result_key(block, chunk) : accumulator_key(chunk), stored_);
    ++stores_;
    if (block.last && plan_.splits > 1 && (chunk + 1) * plan_.vector_rows >= rows_of(block)) {
      signal(sums_ready(plan_, block.row_block));
    }
  }

  std::int64_t rows_of(const AttentionBlock& block) const {
    return vector_core_rows(plan_, block.rows, helper_);
  }

  // Stores that must be complete before this chunk's accumulator is read: its own of the block
  // before, or with single buffers all of them (MTE2 waits for MTE3).
  std::uint32_t stored_before(const AttentionBlock& block, std::int64_t chunk) const {
    if (plan_.schedule.staged) {
      return stores_;
    }
    const auto chunks =
        static_cast<std::uint32_t>(compute::ceil_div(rows_of(block), plan_.vector_rows));
    return stores_before_ - chunks + static_cast<std::uint32_t>(chunk) + 1;
  }

  std::uint64_t result_key(const AttentionBlock& block, std::int64_t chunk) const {
    if (plan_.splits > 1) {
      return tile_key(tensors_.split_sums, static_cast<std::uint64_t>(block.task));
    }
    return tile_key(
        tensors_.o,
        (static_cast<std::uint64_t>(block.row_block * plan_.vector_cores + helper_) << 10U) +
            static_cast<std::uint64_t>(chunk));
  }

  // `fills`: how much of the slot's loads this one stands for.
  void load(const Ring& ring, Wait ready, std::uint32_t bytes, std::uint64_t key, int fills) {
    Instruction load;
    load.waits = {ring.may_fill(), ready};
    load.raises = {ring.raise_full(), fills > 1 ? ring.raise_full() : kNoFlag};
    load.bytes = bytes;
    load.key = key;
    program_.queues[chips::kMte2Vector].push_back(load);
  }

  void charge(Instruction& instruction, engine::Cycles cycles, std::int64_t operations,
              double touched) const {
    instruction.cycles = static_cast<std::uint32_t>(cycles);
    instruction.uses[0] = {RESOURCE_VECTOR, instruction.cycles};
    instruction.operations = static_cast<std::uint32_t>(operations);
    instruction.local_bytes = whole(2 * touched);  // UB: by the DMA and by the vector unit
  }

  // Arithmetic from a slot of `in` to one of `out`. Single buffers are first copied, so that the
  // next load may start.
  void compute(Ring& in, Ring& out, std::int64_t loaded, engine::Cycles cycles,
               std::int64_t operations, double touched) {
    if (plan_.schedule.staged) {
      Instruction copy;
      copy.waits[0] = in.may_drain();
      copy.raises[0] = in.raise_empty();
      charge(copy, simple_cycles(unit_, loaded, 1), 0, real(loaded) * kFp32);
      program_.queues[chips::kVector].push_back(copy);
    }
    Instruction compute;
    compute.waits = {plan_.schedule.staged ? Wait{} : in.may_drain(), out.may_fill()};
    compute.raises = {plan_.schedule.staged ? kNoFlag : in.raise_empty(), out.raise_full()};
    charge(compute, cycles, operations, touched);
    in.drained();
    out.filled();
    program_.queues[chips::kVector].push_back(compute);
  }

  void store(Ring& ring, std::uint32_t bytes, std::uint64_t key, compute::Flag also,
             Wait after = {}) {
    Instruction store;
    store.waits = {ring.may_drain(), after};
    store.raises = {ring.raise_empty(), also};
    store.bytes = bytes;
    store.key = key;
    ring.drained();
    program_.queues[chips::kMte3].push_back(store);
  }

  const AttentionPlan& plan_;
  AttentionTensors tensors_;
  compute::VectorUnit unit_;
  std::uint32_t core_;
  std::int64_t helper_;
  FlagCounter flags_;
  Ring scores_;
  Ring probabilities_;
  Ring sums_;
  Ring outputs_;
  compute::Flag stored_;
  std::uint32_t stores_ = 0;         // of outputs, so far
  std::uint32_t stores_before_ = 0;  // up to the block before
  compute::CoreProgram program_;
};

}  // namespace

// In groups, the outputs of a group are updated before the softmax of the next one; else after it.
compute::CoreProgram attention_vector(const AttentionPlan& plan, std::uint32_t core,
                                      std::int64_t helper,
                                      const std::vector<AttentionBlock>& blocks) {
  AttentionVector vector(plan, core, helper);
  const auto softmax = [&](std::size_t j) { vector.softmax(blocks[j], j); };
  const auto update = [&](std::size_t j) { vector.update(blocks[j], j); };
  if (!plan.schedule.in_groups) {
    walk_blocks(plan.schedule, blocks.size(), softmax, update);
    return vector.take();
  }
  const auto group = static_cast<std::size_t>(plan.schedule.ahead) + 1;
  for (std::size_t j = 0; j < blocks.size() + group; j += group) {
    for (std::size_t i = j < group ? j : j - group; i < std::min(j, blocks.size()); ++i) {
      update(i);
    }
    for (std::size_t i = j; i < std::min(j + group, blocks.size()); ++i) {
      softmax(i);
    }
  }
  return vector.take();
}

}  // namespace reticle::kernels::davinci
