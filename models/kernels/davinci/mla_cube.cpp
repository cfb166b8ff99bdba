#include "models/kernels/davinci/core_units.h"
#include "models/kernels/davinci/cube_writer.h"
#include "models/kernels/davinci/mla_plan.h"
#include "sim/memory/tile_access.h"

namespace reticle::kernels::davinci {

using compute::ceil_div;
using compute::kNoFlag;
using memory::tile_key;

namespace {

constexpr double kFp32 = 4;  // scores and partial outputs leave L0C as FP32
constexpr std::uint32_t kLoadsPerSlot = 1;
constexpr std::uint32_t kL0cTiles = 2;

double real(std::int64_t value) { return static_cast<double>(value); }

// One cube core: scores S = Q K^T of a block go to the vector cores through L2, their probabilities
// come back, O = P V goes out as a partial sum. The scores of block j + 1 are computed before the
// outputs of block j, so that the softmax runs beside them.
class MlaCube {
 public:
  MlaCube(const MlaPlan& plan, std::uint32_t core)
      : plan_(plan),
        core_(core),
        writer_(core, plan.target.chip.davinci(), cube_unit(plan.target.chip, plan.work.dtype),
                plan.bytes, {plan.l1_slots, kLoadsPerSlot, kL0cTiles}),
        q_full_(writer_.flags().next()),
        q_free_(writer_.flags().next()),
        p_full_(writer_.flags().next()),
        p_free_(writer_.flags().next()) {}

  void scores(const MlaBlock& block, std::size_t number) {
    if (block.first) {
      load_q(block);
    }
    const std::int64_t tiles = ceil_div(block.keys, plan_.chunk);
    for (std::int64_t tile = 0; tile < tiles; ++tile) {
      const std::int64_t keys = part(block.keys, tile);
      score_tile(block, tile, keys);
      writer_.store(workspace_key(kScores, core_, number, 0), real(block.rows * keys) * kFp32, {},
                    tile + 1 == tiles ? scores_ready(core_) : kNoFlag);
    }
    if (block.last) {
      writer_.signal_from_l1(q_free_);
    }
  }

  void outputs(const MlaBlock& block, std::size_t number) {
    load_p(block, number);
    const std::int64_t tiles = ceil_div(plan_.work.value_width, plan_.chunk);
    for (std::int64_t tile = 0; tile < tiles; ++tile) {
      const std::int64_t columns = part(plan_.work.value_width, tile);
      output_tile(block, tile, columns);
      writer_.store(workspace_key(kPartial, core_, number, 0), real(block.rows * columns) * kFp32,
                    {}, tile + 1 == tiles ? partial_ready(core_) : kNoFlag);
    }
    writer_.signal_from_l1(p_free_);
  }

  compute::CoreProgram take() { return writer_.take(); }

 private:
  std::int64_t part(std::int64_t whole, std::int64_t number) const {
    return std::min(plan_.chunk, whole - number * plan_.chunk);
  }

  void load_q(const MlaBlock& block) {
    writer_.load_resident(tile_key(kQ, static_cast<std::uint64_t>(block.row_block)),
                          real(block.rows * plan_.work.key_width) * plan_.bytes,
                          {compute::Wait{q_free_, tasks_}, compute::Wait{}}, q_full_);
    ++tasks_;
  }

  // Every vector core's rows; they may be read once all of them say so.
  void load_p(const MlaBlock& block, std::size_t number) {
    const std::int64_t helpers = busy_vector_cores(plan_, block.rows);
    announced_ += static_cast<std::uint32_t>(helpers);
    for (std::int64_t helper = 0; helper < helpers; ++helper) {
      const auto [begin, end] = share(block.rows, helpers, helper);
      writer_.load_resident(workspace_key(kProbabilities, core_, number, helper),
                            real((end - begin) * block.keys) * plan_.bytes,
                            {compute::Wait{probabilities_ready(core_), announced_},
                             compute::Wait{p_free_, static_cast<std::uint32_t>(number)}},
                            p_full_);
    }
  }

  // The part of the cache at 128 keys and 128 of width: once as K, once as V, one tile in L2.
  void load_kv(const MlaBlock& block, std::int64_t key_tile, std::int64_t width_tile,
               std::int64_t elements) {
    const std::int64_t widths = ceil_div(plan_.work.key_width, plan_.chunk);
    const std::int64_t keys = ceil_div(plan_.work.kv_len, plan_.chunk);
    const std::int64_t tile = block.block * (plan_.kv_block / plan_.chunk) + key_tile;
    writer_.load(tile_key(kKv, static_cast<std::uint64_t>((block.sequence * keys + tile) * widths +
                                                          width_tile)),
                 real(elements) * plan_.bytes);
    writer_.slot_filled();
  }

  void score_tile(const MlaBlock& block, std::int64_t tile, std::int64_t keys) {
    const std::int64_t steps = ceil_div(plan_.work.key_width, plan_.chunk);
    for (std::int64_t step = 0; step < steps; ++step) {
      const std::int64_t depth = part(plan_.work.key_width, step);
      load_kv(block, tile, step, keys * depth);
      writer_.step({block.rows, keys, depth},
                   {true, true, step == 0, step + 1 == steps, {q_full_, tasks_}});
    }
  }

  void output_tile(const MlaBlock& block, std::int64_t tile, std::int64_t columns) {
    const std::int64_t steps = ceil_div(block.keys, plan_.chunk);
    for (std::int64_t step = 0; step < steps; ++step) {
      const std::int64_t depth = part(block.keys, step);
      load_kv(block, step, tile, depth * columns);
      writer_.step({block.rows, columns, depth},
                   {true, true, step == 0, step + 1 == steps, {p_full_, announced_}});
    }
  }

  const MlaPlan& plan_;
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

compute::CoreProgram mla_cube(const MlaPlan& plan, std::uint32_t core,
                              const std::vector<MlaBlock>& blocks) {
  MlaCube cube(plan, core);
  cube.scores(blocks[0], 0);
  for (std::size_t j = 1; j < blocks.size(); ++j) {
    cube.scores(blocks[j], j);
    cube.outputs(blocks[j - 1], j - 1);
  }
  cube.outputs(blocks.back(), blocks.size() - 1);
  return cube.take();
}

}  // namespace reticle::kernels::davinci
