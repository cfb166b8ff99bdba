#include <algorithm>
#include <cmath>
#include <tuple>

#include "models/chips/family.h"
#include "models/kernels/program_builder.h"
#include "models/kernels/tensor_gpu/gemm_tiling.h"
#include "models/kernels/tensor_gpu/programs.h"
#include "models/kernels/tensor_gpu/raster.h"
#include "schema/dtype.h"
#include "schema/errors.h"
#include "sim/compute/units.h"
#include "sim/memory/tile_access.h"

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;
using compute::Instruction;
using compute::round_up;

namespace {

enum TensorNumber : std::uint32_t { kA, kB, kC, kPartial };

constexpr std::int64_t kSector = 32;  // bytes: the least that L2 moves

std::uint32_t narrow(std::int64_t value) { return static_cast<std::uint32_t>(value); }

// Bytes of `rows` rows of `elements`, in whole sectors.
std::int64_t sector_bytes(std::int64_t rows, std::int64_t elements, Dtype dtype) {
  const double row = static_cast<double>(elements) * element_bytes(dtype);
  return rows * round_up(static_cast<std::int64_t>(std::ceil(row)), kSector);
}

// Writes the program of one SM tile by tile.
class SmWriter {
 public:
  SmWriter(std::uint32_t sm, const GemmTiling& tiling, const GemmWork& work, const Target& target)
      : tiling_(tiling),
        work_(work),
        gpu_(target.chip.tensor_gpu()),
        whole_(gemm_steps(tiling, work, target, tiling.k)),
        last_(gemm_steps(tiling, work, target, work.k - (steps() - 1) * tiling.k)),
        stage_(flags_, narrow(tiling.stages), 2),
        incoming_(flags_, 1, 1),
        output_(flags_, 1, 1) {
    program_.core = sm;
    program_.queues.resize(chips::kSmQueues);
    for (std::int64_t w = 0; w < tiling.warpgroups; ++w) {
      accumulator_.emplace_back(flags_, tiling.ping_pong ? 2U : 1U, 1U);
      partial_.emplace_back(flags_, 1U, 1U);
    }
  }

  // One split of a tile; `ready` is the flag of its partial sums.
  void tile(const GemmTile& tile, std::int64_t split, compute::Flag ready) {
    std::tie(first_, end_) = share(steps(), tiling_.splits, split);
    for (std::int64_t step = first_; step < end_; ++step) {
      load(tile, step);
      for (std::size_t w = 0; w < accumulator_.size(); ++w) {
        multiply(step, w);
      }
      stage_.drained();
    }
    const bool partial = split + 1 < tiling_.splits;
    for (std::int64_t other = 0; !partial && other < split; ++other) {
      add_partial(tile, other, ready);
    }
    for (std::size_t w = 0; w < accumulator_.size(); ++w) {
      epilogue(w);
    }
    store(tile, partial, split, ready);
  }

  bool empty() const { return program_.queues[chips::kTensorCore].empty(); }
  compute::CoreProgram take() { return std::move(program_); }

 private:
  std::int64_t steps() const { return ceil_div(work_.k, tiling_.k); }
  bool promotes() const { return whole_.promotion > 0; }
  bool ends_k(std::int64_t step) const { return step == steps() - 1; }
  bool is_last(std::int64_t step) const { return step == end_ - 1; }

  void load(const GemmTile& tile, std::int64_t step) {
    const std::int64_t depth = std::min(tiling_.k, work_.k - step * tiling_.k);
    // Scales of A: one a row and 128 of k, or one a row.
    const bool scales =
        is_quantized(work_.dtype) && (work_.dtype == DTYPE_FP8_BLOCK || ends_k(step));
    load_operand(kA, tile.a, tile.share_a, tile.rows, step, depth, scales ? sizeof(float) : 0);
    load_operand(kB, tile.b, tile.share_b, tile.columns, step, depth, 0);
    stage_.filled();
  }

  // A multicast operand is brought in halves, one by each SM of the cluster; both run in step, so
  // the partner's half is there when ours is.
  void load_operand(std::uint32_t tensor, std::int64_t block, const GemmTile::Share& share,
                    std::int64_t rows, std::int64_t step, std::int64_t depth,
                    std::size_t scale_bytes) {
    const bool whole = rows < share.ways;  // a single row is not split
    const std::int64_t half = whole ? 0 : share.half;
    const std::int64_t mine = whole       ? rows
                              : half == 0 ? rows - rows / share.ways * (share.ways - 1)
                                          : rows / share.ways;
    Instruction load;
    load.waits[0] = stage_.may_fill();
    load.raises[0] = stage_.raise_full();
    load.bytes = narrow(sector_bytes(mine, depth, work_.dtype) +
                        mine * static_cast<std::int64_t>(scale_bytes));
    load.key =
        memory::tile_key(tensor, static_cast<std::uint64_t>((block * steps() + step) * 2 + half));
    program_.queues[chips::kTma].push_back(load);
  }

  void multiply(std::int64_t step, std::size_t warpgroup) {
    const GemmSteps& cost = ends_k(step) ? last_ : whole_;
    const bool last_warpgroup = warpgroup + 1 == accumulator_.size();
    Instruction mma;
    mma.waits[0] = stage_.may_drain();
    mma.cycles = narrow(cost.mma);
    mma.uses = {compute::Use{RESOURCE_TENSOR, narrow(cost.mma_tensor)},
                compute::Use{RESOURCE_SMEM, narrow(cost.mma_smem)}};
    mma.operations = narrow(2 * cost.mma_tensor * macs_per_clk());
    if (last_warpgroup) {
      mma.raises[0] = stage_.raise_empty();
    }
    if (step == first_) {
      mma.waits[1] = accumulator_[warpgroup].may_fill();
    }
    if (promotes()) {
      mma.waits[2] = partial_[warpgroup].may_fill();
      mma.raises[1] = partial_[warpgroup].raise_full();
      partial_[warpgroup].filled();
    } else if (is_last(step)) {
      mma.raises[1] = accumulator_[warpgroup].raise_full();
    }
    program_.queues[chips::kTensorCore].push_back(mma);
    if (promotes()) {
      promote(cost, warpgroup, is_last(step));
    }
    if (is_last(step)) {
      accumulator_[warpgroup].filled();
    }
  }

  // FP32 sums += scale x partial sums, after the wgmma has drained.
  void promote(const GemmSteps& cost, std::size_t warpgroup, bool last) {
    Instruction add;
    add.waits[0] = partial_[warpgroup].may_drain();
    add.raises[0] = partial_[warpgroup].raise_empty();
    if (last) {
      add.raises[1] = accumulator_[warpgroup].raise_full();
    }
    add.cycles = narrow(cost.promotion + gpu_.matrix_latency() + gpu_.barrier());
    add.uses[0] = {RESOURCE_VECTOR, narrow(cost.promotion)};
    add.operations = narrow(cost.promotion * static_cast<std::int64_t>(gpu_.fp32_rate()));
    partial_[warpgroup].drained();
    program_.queues[chips::kCudaCores].push_back(add);
  }

  void epilogue(std::size_t warpgroup) {
    const bool last_warpgroup = warpgroup + 1 == accumulator_.size();
    Instruction convert;
    convert.waits = {accumulator_[warpgroup].may_drain(), output_.may_fill()};
    convert.raises[0] = accumulator_[warpgroup].raise_empty();
    if (last_warpgroup) {
      convert.raises[1] = output_.raise_full();
    }
    convert.cycles = narrow(whole_.epilogue);
    convert.uses = {compute::Use{RESOURCE_VECTOR, narrow(whole_.epilogue_fp32)},
                    compute::Use{RESOURCE_SMEM, narrow(whole_.epilogue_smem)}};
    convert.operations = narrow(whole_.epilogue_fp32 * static_cast<std::int64_t>(gpu_.fp32_rate()));
    convert.local_bytes =
        narrow(whole_.epilogue_smem * static_cast<std::int64_t>(gpu_.shared_read()));
    accumulator_[warpgroup].drained();
    program_.queues[chips::kCudaCores].push_back(convert);
  }

  // Another split's FP32 sums, brought to the place of the output tile and added.
  void add_partial(const GemmTile& tile, std::int64_t split, compute::Flag ready) {
    const std::int64_t elements = tile.rows * tile.columns;
    Instruction load;
    load.waits = {incoming_.may_fill(), output_.may_fill(),
                  compute::Wait{ready, narrow(tiling_.splits - 1)}};
    load.raises[0] = incoming_.raise_full();
    load.bytes = narrow(sector_bytes(tile.rows, tile.columns, DTYPE_FLOAT32));
    load.key = partial_key(tile, split);
    incoming_.filled();
    program_.queues[chips::kTma].push_back(load);
    Instruction add;
    add.waits = {incoming_.may_drain(), accumulator_.back().may_drain()};
    add.raises[0] = incoming_.raise_empty();
    add.cycles = narrow(ceil_div(elements, static_cast<std::int64_t>(gpu_.fp32_rate())));
    add.uses[0] = {RESOURCE_VECTOR, add.cycles};
    add.operations = narrow(elements);
    incoming_.drained();
    program_.queues[chips::kCudaCores].push_back(add);
  }

  void store(const GemmTile& tile, bool partial, std::int64_t split, compute::Flag ready) {
    output_.filled();
    Instruction store;
    store.waits[0] = output_.may_drain();
    store.raises = {output_.raise_empty(), partial ? ready : compute::kNoFlag};
    store.bytes =
        narrow(sector_bytes(tile.rows, tile.columns, partial ? DTYPE_FLOAT32 : work_.out_dtype));
    store.key = partial ? partial_key(tile, split)
                        : memory::tile_key(kC, static_cast<std::uint64_t>(tile.c));
    output_.drained();
    program_.queues[chips::kTmaStore].push_back(store);
  }

  std::uint64_t partial_key(const GemmTile& tile, std::int64_t split) const {
    return memory::tile_key(kPartial, static_cast<std::uint64_t>(tile.c * tiling_.splits + split));
  }

  std::int64_t macs_per_clk() const { return matrix_rate(gpu_, work_.dtype).macs_per_clk(); }

  const GemmTiling& tiling_;
  const GemmWork& work_;
  const TensorGpu& gpu_;
  GemmSteps whole_;
  GemmSteps last_;
  FlagCounter flags_;
  Ring stage_;
  std::vector<Ring> accumulator_;  // one a warpgroup
  std::vector<Ring> partial_;      // what is still to be promoted
  Ring incoming_;                  // another split's partial sums
  Ring output_;
  std::int64_t first_ = 0;  // steps of k of the tile being written
  std::int64_t end_ = 0;
  compute::CoreProgram program_;
};

// Scales that change along k cannot wait for the epilogue, and an SM has no vector cores elsewhere.
void check_dequant(const GemmWork& gemm, const Target& target) {
  if (gemm.dtype == DTYPE_FP8_BLOCK && !promotes(gemm, target)) {
    throw UsageError("tensor_gpu: fp8_block needs kernels.gemm_dequant: promotion");
  }
}

}  // namespace

compute::TileProgram gemm_program(const Work& work, const Target& target) {
  const GemmWork& gemm = *work.gemm;
  check_dequant(gemm, target);
  const GemmTiling tiling = choose_gemm_tiling(gemm, target);
  const std::vector<GemmCluster> clusters = raster(tiling, gemm, target.cores.matrix());
  const auto slots = static_cast<std::size_t>(target.cores.matrix() / tiling.cluster());
  const std::size_t splits = static_cast<std::size_t>(tiling.splits);
  const std::size_t units = clusters.size() * splits;
  compute::TileProgram program;
  program.matrix_dtype = matrix_dtype(gemm.dtype);
  program.shared_flags = splits > 1 ? narrow(static_cast<std::int64_t>(clusters.size())) : 0;
  program.waves = static_cast<double>(units) / static_cast<double>(slots);
  const std::size_t end =
      target.wave_limit == 0
          ? units
          : std::min(units, static_cast<std::size_t>(target.wave_limit) * slots / splits * splits);
  for (std::size_t slot = 0; slot < std::min(slots, end); ++slot) {
    for (std::int64_t member = 0; member < tiling.cluster(); ++member) {
      SmWriter writer(narrow(tiling.cluster() * static_cast<std::int64_t>(slot) + member), tiling,
                      gemm, target);
      // A tile's last split waits for the others, which come before it in this order everywhere.
      for (std::size_t unit = slot; unit < end; unit += slots) {
        const GemmTile& tile = clusters[unit / splits].tiles[static_cast<std::size_t>(member)];
        if (tile.rows > 0) {
          writer.tile(tile, static_cast<std::int64_t>(unit % splits),
                      compute::kSharedFlags + static_cast<compute::Flag>(unit / splits));
        }
      }
      if (!writer.empty()) {
        program.cores.push_back(writer.take());
      }
    }
  }
  program.variant = tiling.text();
  return program;
}

}  // namespace reticle::kernels::tensor_gpu
