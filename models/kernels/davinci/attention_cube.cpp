#include "models/kernels/davinci/attention_plan.h"
#include "models/kernels/davinci/core_units.h"
#include "models/kernels/davinci/cube_writer.h"
#include "models/kernels/numbers.h"
#include "sim/memory/tile_access.h"

namespace reticle::kernels::davinci {

using compute::ceil_div;
using compute::kNoFlag;
using memory::tile_key;

namespace {

constexpr double kFp32 = 4;  // scores and partial outputs leave L0C as FP32
constexpr std::uint32_t kLoadsPerSlot = 1;
constexpr std::uint32_t kL0cTiles = 2;

// One cube core: scores S = Q K^T of a block go to the vector cores through L2, their probabilities
// come back, O = P V goes out as a partial sum (AMLA: is added to the output in L2).
class AttentionCube {
 public:
  AttentionCube(const AttentionPlan& plan, std::uint32_t core)
      : plan_(plan),
        tensors_(attention_tensors(plan.shape)),
        core_(core),
        writer_(core, plan.target.chip.davinci(), cube_unit(plan.target.chip, plan.shape.dtype),
                plan.bytes, {plan.l1_slots, kLoadsPerSlot, kL0cTiles}),
        q_full_(writer_.flags().next()),
        q_free_(writer_.flags().next()),
        p_full_(writer_.flags().next()),
        p_free_(writer_.flags().next()) {}

  void scores(const AttentionBlock& block, std::size_t number) {
    if (block.first) {
      load_q(block);
    }
    const std::int64_t tiles = ceil_div(block.keys, plan_.chunk);
    for (std::int64_t tile = 0; tile < tiles; ++tile) {
      const std::int64_t keys = part(block.keys, tile);
      score_tile(block, tile, keys);
      writer_.store(workspace_key(tensors_.scores, core_, number, 0),
                    real(block.rows * keys) * kFp32, {},
                    tile + 1 == tiles ? scores_ready(core_) : kNoFlag);
    }
    if (block.last) {
      writer_.signal_from_l1(q_free_);
    }
  }

  void outputs(const AttentionBlock& block, std::size_t number) {
    load_p(block, number);
    const std::int64_t tiles = ceil_div(plan_.shape.value_width, plan_.chunk);
    for (std::int64_t tile = 0; tile < tiles; ++tile) {
      const std::int64_t columns = part(plan_.shape.value_width, tile);
      output_tile(block, tile, columns);
      writer_.store(output_key(number), real(block.rows * columns) * kFp32, {},
                    tile + 1 == tiles ? partial_ready(core_) : kNoFlag);
    }
    writer_.signal_from_l1(p_free_);
  }

  compute::CoreProgram take() { return writer_.take(); }

 private:
  std::int64_t part(std::int64_t whole, std::int64_t number) const {
    return std::min(plan_.chunk, whole - number * plan_.chunk);
  }

  std::uint64_t output_key(std::size_t number) const {
    return plan_.schedule.adds_in_l2 ? workspace_key(tensors_.accumulator, core_, 0, 0)
                                     : workspace_key(tensors_.partial, core_, number, 0);
  }

  void load_q(const AttentionBlock& block) {
    writer_.load_resident(tile_key(tensors_.q, static_cast<std::uint64_t>(block.row_block)),
                          real(block.rows * plan_.shape.key_width) * plan_.bytes,
                          {compute::Wait{q_free_, tasks_}, compute::Wait{}}, q_full_);
    ++tasks_;
  }

  // Every vector core's rows; they may be read once all of them say so.
  void load_p(const AttentionBlock& block, std::size_t number) {
    const std::int64_t helpers = busy_vector_cores(plan_, block.rows);
    announced_ += static_cast<std::uint32_t>(helpers);
    for (std::int64_t helper = 0; helper < helpers; ++helper) {
      writer_.load_resident(
          workspace_key(tensors_.probabilities, core_, number, helper),
          real(vector_core_rows(plan_, block.rows, helper) * block.keys) * plan_.bytes,
          {compute::Wait{probabilities_ready(core_), announced_},
           compute::Wait{p_free_, static_cast<std::uint32_t>(number)}},
          p_full_);
    }
  }

  // A part of the cache, at a tile of keys and one of width: of MLA's one tensor the same part is
  // read as K and as V, and the second time it is in L2.
  void load_part(std::uint32_t tensor, std::int64_t widths, const AttentionBlock& block,
                 std::int64_t key_tile, std::int64_t width_tile, std::int64_t elements) {
    const std::int64_t keys = ceil_div(plan_.shape.kv_len, plan_.chunk);
    const std::int64_t tile = block.block * (plan_.kv_block / plan_.chunk) + key_tile;
    writer_.load(tile_key(tensor, static_cast<std::uint64_t>((block.cache * keys + tile) * widths +
                                                             width_tile)),
                 real(elements) * plan_.bytes, cache_layout(plan_.shape));
    writer_.slot_filled();
  }

  void score_tile(const AttentionBlock& block, std::int64_t tile, std::int64_t keys) {
    const std::int64_t steps = ceil_div(plan_.shape.key_width, plan_.chunk);
    for (std::int64_t step = 0; step < steps; ++step) {
      const std::int64_t depth = part(plan_.shape.key_width, step);
      load_part(tensors_.k, steps, block, tile, step, keys * depth);
      writer_.step({block.rows, keys, depth},
                   {true, true, step == 0, step + 1 == steps, {q_full_, tasks_}});
    }
  }

  void output_tile(const AttentionBlock& block, std::int64_t tile, std::int64_t columns) {
    const std::int64_t steps = ceil_div(block.keys, plan_.chunk);
    const std::int64_t widths = ceil_div(
        plan_.shape.one_cache ? plan_.shape.key_width : plan_.shape.value_width, plan_.chunk);
    for (std::int64_t step = 0; step < steps; ++step) {
      const std::int64_t depth = part(block.keys, step);
      load_part(tensors_.v, widths, block, step, tile, depth * columns);
      writer_.step({block.rows, columns, depth},
                   {true, true, step == 0, step + 1 == steps, {p_full_, announced_}});
    }
  }

  const AttentionPlan& plan_;
  AttentionTensors tensors_;
  std::uint32_t core_;
  CubeWriter writer_;
  compute::Flag q_full_;
  compute::Flag q_free_;
  compute::Flag p_full_;
  compute::Flag p_free_;
  std::uint32_t tasks_ = 0;      // whose Q was loaded
  std::uint32_t announced_ = 0;  // probabilities from vector cores
};

}  // namespace

compute::CoreProgram attention_cube(const AttentionPlan& plan, std::uint32_t core,
                                    const std::vector<AttentionBlock>& blocks) {
  AttentionCube cube(plan, core);
  walk_blocks(
      plan.schedule, blocks.size(), [&](std::size_t j) { cube.scores(blocks[j], j); },
      [&](std::size_t j) { cube.outputs(blocks[j], j); });
  return cube.take();
}

}  // namespace reticle::kernels::davinci
