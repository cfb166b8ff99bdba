#include <cmath>

#include "models/chips/family.h"
#include "models/kernels/davinci/core_units.h"
#include "models/kernels/davinci/mla_plan.h"
#include "models/kernels/program_builder.h"
#include "sim/memory/tile_access.h"

namespace reticle::kernels::davinci {

using compute::Instruction;
using compute::kNoFlag;

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

double real(std::int64_t value) { return static_cast<double>(value); }
std::uint32_t whole(double value) { return static_cast<std::uint32_t>(std::ceil(value)); }

// One vector core: online softmax of its rows of every block, and the update of their outputs. The
// accumulator is FP32 and lives in a workspace in L2, as UB cannot hold it beside the scores.
class MlaVector {
 public:
  MlaVector(const MlaPlan& plan, std::uint32_t core, std::int64_t helper)
      : plan_(plan),
        unit_(vector_unit(plan.target.chip.davinci())),
        core_(core),
        helper_(helper),
        scores_(flags_, kBuffers, 1),
        probabilities_(flags_, kBuffers, 1),
        sums_(flags_, kBuffers, 2),
        outputs_(flags_, kBuffers, 1),
        stored_(flags_.next()) {
    program_.core = plan.target.chip.davinci().cube_cores() +
                    core * static_cast<std::uint32_t>(plan.vector_cores) +
                    static_cast<std::uint32_t>(helper);
    program_.queues.resize(chips::kVectorQueues);
  }

  void softmax(const MlaBlock& block, std::size_t number) {
    const std::int64_t rows = rows_of(block);
    for (std::int64_t row = 0; row < rows; row += plan_.vector_rows) {
      const std::int64_t count = std::min(plan_.vector_rows, rows - row);
      const std::int64_t elements = count * block.keys;
      load(scores_, {scores_ready(core_), count_of(number)}, whole(real(elements) * kFp32),
           workspace_key(kScores, core_, number, 0), 1);
      scores_.filled();
      compute(scores_, probabilities_,
              simple_cycles(unit_, elements, kScorePasses) + special_cycles(unit_, elements, 1) +
                  simple_cycles(unit_, count, kStatePasses) + special_cycles(unit_, count, 1),
              (kScorePasses + 1) * elements, real(elements) * (kFp32 + plan_.bytes));
      store(probabilities_, whole(real(elements) * plan_.bytes),
            workspace_key(kProbabilities, core_, number, helper_),
            row + count == rows ? probabilities_ready(core_) : kNoFlag);
    }
  }

  void update(const MlaBlock& block, std::size_t number) {
    const std::int64_t rows = rows_of(block);
    for (std::int64_t row = 0; row < rows; row += plan_.vector_rows) {
      update_rows(block, number, std::min(plan_.vector_rows, rows - row), row);
    }
    stores_before_ = stores_;
  }

  compute::CoreProgram take() { return std::move(program_); }

 private:
  static std::uint32_t count_of(std::size_t number) {
    return static_cast<std::uint32_t>(number) + 1;
  }

  std::int64_t rows_of(const MlaBlock& block) const {
    const std::int64_t helpers = busy_vector_cores(plan_, block.rows);
    if (helper_ >= helpers) {
      return 0;
    }
    const auto [begin, end] = share(block.rows, helpers, helper_);
    return end - begin;
  }

  // The first block's partial is the accumulator; later ones are added to it, the last one divides.
  void update_rows(const MlaBlock& block, std::size_t number, std::int64_t count,
                   std::int64_t row) {
    const std::int64_t elements = count * plan_.work.value_width;
    const std::int64_t chunk = row / plan_.vector_rows;
    const std::uint32_t bytes = whole(real(elements) * kFp32);
    const std::uint64_t accumulator = memory::tile_key(
        kAccumulator, (std::uint64_t{program_.core} << 10U) + static_cast<std::uint64_t>(chunk));
    load(sums_, {partial_ready(core_), count_of(number)}, bytes,
         workspace_key(kPartial, core_, number, 0), block.first ? 2 : 1);
    if (!block.first) {
      const std::uint32_t chunks =
          static_cast<std::uint32_t>(compute::ceil_div(rows_of(block), plan_.vector_rows));
      load(sums_, {stored_, stores_before_ - chunks + static_cast<std::uint32_t>(chunk) + 1}, bytes,
           accumulator, 1);
    }
    sums_.filled();
    const std::int64_t passes = std::max<std::int64_t>(
        1, (block.first ? 0 : kUpdatePasses) + (block.last ? kFinishPasses : 0));
    const double out = block.last ? plan_.bytes : kFp32;
    compute(
        sums_, outputs_,
        simple_cycles(unit_, elements, passes) + (block.last ? special_cycles(unit_, count, 1) : 0),
        passes * elements, real(elements) * ((block.first ? 1 : 2) * kFp32 + out));
    store(outputs_, whole(real(elements) * out),
          block.last ? result_key(block, chunk) : accumulator, stored_);
    ++stores_;
  }

  std::uint64_t result_key(const MlaBlock& block, std::int64_t chunk) const {
    return memory::tile_key(
        kO, (static_cast<std::uint64_t>(block.row_block * plan_.vector_cores + helper_) << 10U) +
                static_cast<std::uint64_t>(chunk));
  }

  // `fills`: how much of the slot's loads this one stands for.
  void load(const Ring& ring, compute::Wait ready, std::uint32_t bytes, std::uint64_t key,
            int fills) {
    Instruction load;
    load.waits = {ring.may_fill(), ready};
    load.raises = {ring.raise_full(), fills > 1 ? ring.raise_full() : kNoFlag};
    load.bytes = bytes;
    load.key = key;
    program_.queues[chips::kMte2Vector].push_back(load);
  }

  void compute(Ring& in, Ring& out, engine::Cycles cycles, std::int64_t operations,
               double touched) {
    Instruction compute;
    compute.waits = {in.may_drain(), out.may_fill()};
    compute.raises = {in.raise_empty(), out.raise_full()};
    compute.cycles = static_cast<std::uint32_t>(cycles);
    compute.uses[0] = {RESOURCE_VECTOR, compute.cycles};
    compute.operations = static_cast<std::uint32_t>(operations);
    compute.local_bytes = whole(2 * touched);  // UB: by the DMA and by the vector unit
    in.drained();
    out.filled();
    program_.queues[chips::kVector].push_back(compute);
  }

  void store(Ring& ring, std::uint32_t bytes, std::uint64_t key, compute::Flag also) {
    Instruction store;
    store.waits[0] = ring.may_drain();
    store.raises = {ring.raise_empty(), also};
    store.bytes = bytes;
    store.key = key;
    ring.drained();
    program_.queues[chips::kMte3].push_back(store);
  }

  const MlaPlan& plan_;
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

compute::CoreProgram mla_vector(const MlaPlan& plan, std::uint32_t core, std::int64_t helper,
                                const std::vector<MlaBlock>& blocks) {
  MlaVector vector(plan, core, helper);
  vector.softmax(blocks[0], 0);
  for (std::size_t j = 1; j < blocks.size(); ++j) {
    vector.softmax(blocks[j], j);
    vector.update(blocks[j - 1], j - 1);
  }
  vector.update(blocks.back(), blocks.size() - 1);
  return vector.take();
}

}  // namespace reticle::kernels::davinci
