#include "models/kernels/tensor_gpu/gemm_tiling.h"

#include <algorithm>
#include <cmath>

#include "models/kernels/tensor_gpu/combine.h"
#include "models/kernels/tensor_gpu/matrix_path.h"
#include "models/kernels/tensor_gpu/programs.h"
#include "schema/dtype.h"
#include "sim/compute/scratchpad.h"
#include "sim/compute/units.h"

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;
using compute::round_up;

namespace {

constexpr std::int64_t kSwizzle = 128;  // bytes of a row in a stage (TMA 128 B swizzle)
constexpr std::int64_t kThreads = 128;  // of a warpgroup
constexpr std::int64_t kFp32 = 4;
// Registers a thread keeps for addresses, scales and loop state, and the ISA's limit; one producer
// and two consumer warpgroups share the register file.
constexpr std::int64_t kOtherRegisters = 64;
constexpr std::int64_t kThreadRegisters = 255;
constexpr std::int64_t kWarpgroups = 3;
constexpr std::int64_t kMostStages = 16;  // deeper brings nothing and costs barriers
// CUTLASS's kernels of compute capability 8.0 (tools/library generator: 64 x 64 x 64 in 5 stages,
// wider ones in fewer; widths 64, 128, 256).
constexpr std::int64_t kMostStagesCpAsync = 5;

std::int64_t step_elements(Dtype dtype) {
  return static_cast<std::int64_t>(static_cast<double>(kSwizzle) / element_bytes(dtype));
}

// Accumulators of a tile: the matrix unit's own, in tensor memory where there is one; when
// promoting the sums, and beside them the products of 64 rows of each warpgroup at a time.
bool accumulators_fit(const GemmTiling& tiling, bool promote, const TensorGpu& gpu) {
  const std::int64_t rows = tiling.m + (promote ? tiling.warpgroups * kWgmmaRows : 0);
  const std::int64_t tile = rows * tiling.n * kFp32;
  if (gpu.tensor_memory() > 0) {
    return static_cast<double>((tiling.ping_pong ? 2 : 1) * tile) <= gpu.tensor_memory();
  }
  const std::int64_t warpgroups = has_producer(gpu) ? kWarpgroups : kWarpgroups - 1;
  const std::int64_t file =
      static_cast<std::int64_t>(gpu.registers()) - warpgroups * kThreads * kOtherRegisters * kFp32;
  const std::int64_t thread = (kThreadRegisters - kOtherRegisters) * kFp32;
  return (tiling.ping_pong ? 2 : tiling.resident) * tile <= file &&
         tile <= tiling.warpgroups * kThreads * thread;
}

// Two SMs that multiply as one (tcgen05 cta_group::2): each keeps half of B.
bool paired(const GemmTiling& tiling, const TensorGpu& gpu) {
  return gpu.matrix_instruction() == MATRIX_INSTRUCTION_TCGEN05 &&
         tiling.multicast == Multicast::kAlongM;
}

// Rows of A and columns of B that a stage holds.
std::int64_t stage_rows(const GemmTiling& tiling, const TensorGpu& gpu) {
  return tiling.m + tiling.n / (paired(tiling, gpu) ? 2 : 1);
}

Dtype out_type(const GemmTiling& tiling, const GemmWork& work) {
  return tiling.splits > 1 ? DTYPE_FLOAT32 : work.out_dtype;
}

// Shared memory of the output pieces of all warpgroups.
double staging_bytes(const GemmTiling& tiling, const GemmWork& work, const TensorGpu& gpu) {
  if (!persistent(gpu)) {
    return 0;
  }
  const GemmPiece piece = gemm_piece(tiling, work);
  const std::int64_t elements =
      piece.staged * piece.rows * piece.columns * (tiling.ping_pong ? 2 : tiling.warpgroups);
  return static_cast<double>(elements) * element_bytes(out_type(tiling, work));
}

// Stages that fit beside the staged output; 0 if fewer than two do.
std::int64_t stages_that_fit(const GemmTiling& tiling, const GemmWork& work, const TensorGpu& gpu) {
  compute::Scratchpad shared("shared memory", gpu.shared_memory());
  const double output = staging_bytes(tiling, work, gpu);
  const auto stage = static_cast<double>(stage_rows(tiling, gpu) * kSwizzle);
  if (!shared.fits(output)) {
    return 0;
  }
  shared.reserve(output);
  std::int64_t stages = 0;
  const std::int64_t most = has_producer(gpu) ? kMostStages : kMostStagesCpAsync;
  while (stages < most && shared.fits(stage)) {
    shared.reserve(stage);
    ++stages;
  }
  return stages < 2 ? 0 : stages;
}

// Whether there is a tile to share operands with: else a cluster's second SM would idle.
bool has_partner(const GemmTiling& tiling, const GemmWork& work) {
  const std::int64_t most = *std::max_element(work.rows.begin(), work.rows.end());
  return (tiling.blocks_m() == 1 || most > tiling.m) &&
         (tiling.blocks_n() == 1 || work.n > tiling.n);
}

void add_candidate(std::vector<GemmTiling>& candidates, GemmTiling tiling, const GemmWork& work,
                   const GemmLibrary& library, const Target& target) {
  const TensorGpu& gpu = target.chip.tensor_gpu();
  if (!accumulators_fit(tiling, promotes(work, target), gpu)) {
    return;
  }
  tiling.stages = stages_that_fit(tiling, work, gpu);
  for (const Multicast multicast : library.multicasts) {
    tiling.multicast = multicast;
    if (tiling.stages > 0 && tiling.cluster() <= gpu.cluster() &&
        tiling.cluster() <= target.cores.matrix() &&
        (library.paired || has_partner(tiling, work))) {
      candidates.push_back(tiling);
    }
  }
}

// cuBLAS splits k where tiles are few; DeepGEMM and CUTLASS scaled_mm do not.
void add_split_candidates(std::vector<GemmTiling>& candidates, GemmTiling tiling,
                          const GemmWork& work, const Target& target) {
  for (const std::int64_t splits : {2, 4, 8, 16}) {
    tiling.splits = splits;
    tiling.stages = stages_that_fit(tiling, work, target.chip.tensor_gpu());
    if (tiling.stages > 0 && splits <= ceil_div(work.k, tiling.k) &&
        accumulators_fit(tiling, false, target.chip.tensor_gpu())) {
      candidates.push_back(tiling);
    }
  }
}

}  // namespace

std::string GemmTiling::text() const {
  const char* shared = multicast == Multicast::kNone     ? ""
                       : multicast == Multicast::kAlongM ? ", cluster 2x1"
                                                         : ", cluster 1x2";
  const char* schedule = ping_pong      ? "ping-pong"
                         : resident > 1 ? "two blocks an SM"
                                        : "cooperative";
  return std::to_string(m) + "x" + std::to_string(n) + "x" + std::to_string(k) + ", " +
         std::to_string(stages) + " stages, " + schedule + shared +
         (splits > 1 ? ", split-K " + std::to_string(splits) : "") + (in_step ? ", in step" : "") +
         (tile_by_tile ? ", tile by tile" : "") + (swapped ? ", transposed" : "");
}

GemmPiece gemm_piece(const GemmTiling& tiling, const GemmWork& work) {
  if (tiling.splits > 1) {
    return {kCombineRows, tiling.n, kWgmmaRows / kCombineRows};
  }
  const auto columns = static_cast<std::int64_t>(kSwizzle / element_bytes(work.out_dtype));
  return {kWgmmaRows, std::min(tiling.n, columns), 2};
}

bool persistent(const TensorGpu& gpu) { return has_producer(gpu); }

bool scales_in_tensor_core(const GemmWork& work, const Target& target) {
  const bool blocks = work.dtype == DTYPE_FP8_BLOCK || has_micro_scales(work.dtype);
  return blocks && target.variants.gemm_dequant() == DEQUANT_TENSOR_CORE;
}

bool promotes(const GemmWork& work, const Target& target) {
  return work.dtype == DTYPE_FP8_BLOCK && target.variants.gemm_dequant() == DEQUANT_PROMOTION;
}

namespace {

// Cycles a lone warpgroup waits for its stage and its last wgmma between steps; two take turns. One
// that promotes does so anyway (promotion_wait). With tensor memory no warp waits: stages are
// released by the tensor core itself. Warps that load for themselves meet at a barrier each step
// and read their first operands before they multiply again (`block_gap`).
std::int64_t warpgroup_gap(const GemmTiling& tiling, bool promote, const TensorGpu& gpu) {
  const bool waits =
      !tiling.cooperative() && !promote && gpu.tensor_memory() == 0 && has_producer(gpu);
  return waits ? gpu.matrix_latency() + gpu.barrier() : 0;
}

std::int64_t block_gap(const TensorGpu& gpu) {
  return has_producer(gpu) ? 0 : gpu.barrier() + gpu.fragment_latency() + gpu.matrix_latency();
}

}  // namespace

// Operands are read from shared memory (matrix_path.h). The fill of a stage by the TMA does not
// take from that rate: with it 128 x 96 and 128 x 128 tiles could not come within 5 % of the tensor
// core, as measured (docs/tensor_gpu.md). cp.async goes through the SM's load path, and does.
GemmSteps gemm_steps(const GemmTiling& tiling, const GemmWork& work, const Target& target,
                     std::int64_t depth) {
  const TensorGpu& gpu = target.chip.tensor_gpu();
  const MatrixRate& rate = matrix_rate(gpu, work.dtype);
  const auto shared_read = static_cast<std::int64_t>(gpu.shared_read());
  const auto fp32 = static_cast<std::int64_t>(gpu.fp32_rate());
  const std::int64_t rows = tiling.m / tiling.warpgroups;
  const std::int64_t row_bytes = ceil_div(round_up(depth, rate.k()) * kSwizzle, tiling.k);
  const std::int64_t read = operand_reads(gpu, rows, tiling.n, paired(tiling, gpu)) * row_bytes;
  const std::int64_t fill =
      has_producer(gpu) ? 0 : (tiling.m + tiling.n) * row_bytes / tiling.warpgroups;
  GemmSteps steps;
  const compute::MatrixUnit unit = {instruction_rows(gpu), 8, rate.k(), rate.macs_per_clk(), 0};
  steps.mma_tensor = unit.cycles(rows, tiling.n, depth);
  steps.mma_smem = ceil_div(read + fill, shared_read);
  steps.mma = std::max(steps.mma_tensor, steps.mma_smem) +
              warpgroup_gap(tiling, promotes(work, target), gpu);
  steps.gap = block_gap(gpu);
  steps.local_bytes = has_producer(gpu) ? 0 : read + fill;
  // Its wgmma drains, its scales are read (a barrier's time), and it waits for the next stage.
  steps.promotion_wait = gpu.matrix_latency() + 2 * gpu.barrier();
  // One multiply-add an element with the scale of its row and block of B. Where the columns of B
  // have their own: a multiplication by that before it, and each warp reads it from shared memory,
  // 8 columns at a time (the layout of wgmma's sums), which is a pass again.
  const std::int64_t passes = work.accumulate && work.dtype == DTYPE_FP8_BLOCK ? 3 : 1;
  steps.promotion = promotes(work, target) ? ceil_div(passes * rows * tiling.n, fp32) : 0;
  // One pass scales, one converts (two a lane, at half the rate); row and column scales take one
  // each where the epilogue applies them.
  const bool scales =
      is_quantized(work.dtype) && !promotes(work, target) && !scales_in_tensor_core(work, target);
  const GemmPiece piece = gemm_piece(tiling, work);
  const std::int64_t elements = piece.rows * piece.columns;
  steps.convert_fp32 = ceil_div(elements * (scales ? 4 : 2), fp32);
  steps.convert_smem = ceil_div(static_cast<std::int64_t>(static_cast<double>(elements) *
                                                          element_bytes(out_type(tiling, work))),
                                shared_read);
  return steps;
}

namespace {

// A tile, and its split-K forms where the library has them.
void add_with_splits(std::vector<GemmTiling>& candidates, const GemmTiling& tiling,
                     const GemmWork& work, const GemmLibrary& library, const Target& target) {
  add_candidate(candidates, tiling, work, library, target);
  if (!is_quantized(work.dtype)) {
    add_split_candidates(candidates, tiling, work, target);
  }
}

}  // namespace

std::vector<GemmTiling> gemm_candidates(const GemmWork& work, const GemmLibrary& library,
                                        const Target& target) {
  const TensorGpu& gpu = target.chip.tensor_gpu();
  std::vector<GemmTiling> candidates;
  for (const std::int64_t m : library.heights) {
    for (const std::int64_t n : library.widths) {
      GemmTiling tiling;
      tiling.m = m;
      tiling.n = n;
      tiling.k = step_elements(work.dtype);
      tiling.warpgroups = m <= std::max(kWgmmaRows, instruction_rows(gpu)) ? 1 : 2;
      tiling.in_step = library.in_step && tiling.cooperative();
      tiling.tile_by_tile = library.tile_by_tile;
      add_with_splits(candidates, tiling, work, library, target);
      if (m <= 128 && !promotes(work, target)) {
        tiling.warpgroups = 1;  // each of the two consumers has a tile of its own
        if (has_producer(gpu)) {
          tiling.ping_pong = true;
          add_candidate(candidates, tiling, work, library, target);
        } else {
          tiling.resident = 2;
          add_with_splits(candidates, tiling, work, library, target);
        }
      }
    }
  }
  return candidates;
}

}  // namespace reticle::kernels::tensor_gpu
