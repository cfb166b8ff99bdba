#include "models/kernels/tensor_gpu/gemm_tiling.h"

#include <algorithm>
#include <stdexcept>

#include "models/kernels/tensor_gpu/programs.h"
#include "schema/dtype.h"
#include "sim/compute/scratchpad.h"
#include "sim/compute/units.h"

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;
using compute::round_up;

namespace {

constexpr std::int64_t kSwizzle = 128;   // bytes of a row in a stage (TMA 128 B swizzle)
constexpr std::int64_t kWgmmaRows = 64;  // wgmma.m64nNk16
constexpr std::int64_t kThreads = 128;   // of a warpgroup
constexpr std::int64_t kFp32 = 4;
// Registers a thread keeps for addresses, scales and loop state, and the ISA's limit; one producer
// and two consumer warpgroups share the register file.
constexpr std::int64_t kOtherRegisters = 64;
constexpr std::int64_t kThreadRegisters = 255;
constexpr std::int64_t kWarpgroups = 3;
constexpr std::int64_t kMostStages = 16;  // deeper brings nothing and costs barriers

std::int64_t step_elements(Dtype dtype) {
  return static_cast<std::int64_t>(static_cast<double>(kSwizzle) / element_bytes(dtype));
}

// Accumulators of a tile: the wgmma's own, and the FP32 sums beside them when promoting.
bool accumulators_fit(const GemmTiling& tiling, bool promote, const TensorGpu& gpu) {
  const std::int64_t copies = promote ? 2 : 1;
  const std::int64_t tile = copies * tiling.m * tiling.n * kFp32;
  const std::int64_t file =
      static_cast<std::int64_t>(gpu.registers()) - kWarpgroups * kThreads * kOtherRegisters * kFp32;
  const std::int64_t thread = (kThreadRegisters - kOtherRegisters) * kFp32;
  return (tiling.ping_pong ? 2 : 1) * tile <= file && tile <= tiling.warpgroups * kThreads * thread;
}

// Stages that fit beside the output tile; 0 if fewer than two do.
std::int64_t stages_that_fit(const GemmTiling& tiling, const GemmWork& work, const TensorGpu& gpu) {
  compute::Scratchpad shared("shared memory", gpu.shared_memory());
  const double element = tiling.splits > 1 ? kFp32 : element_bytes(work.out_dtype);
  const double output = static_cast<double>(tiling.m * tiling.n) * element;
  const auto stage = static_cast<double>((tiling.m + tiling.n) * kSwizzle);
  if (!shared.fits(output)) {
    return 0;
  }
  shared.reserve(output);
  std::int64_t stages = 0;
  while (stages < kMostStages && shared.fits(stage)) {
    shared.reserve(stage);
    ++stages;
  }
  return stages < 2 ? 0 : stages;
}

void add_candidate(std::vector<GemmTiling>& candidates, GemmTiling tiling, const GemmWork& work,
                   const Target& target) {
  const TensorGpu& gpu = target.chip.tensor_gpu();
  if (!accumulators_fit(tiling, promotes(work, target), gpu)) {
    return;
  }
  tiling.stages = stages_that_fit(tiling, work, gpu);
  for (const Multicast multicast : {Multicast::kNone, Multicast::kAlongM, Multicast::kAlongN}) {
    tiling.multicast = multicast;
    if (tiling.stages > 0 && tiling.cluster() <= target.cores.matrix()) {
      candidates.push_back(tiling);
    }
  }
}

// cuBLAS splits k where tiles are few; DeepGEMM does not.
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
  return std::to_string(m) + "x" + std::to_string(n) + "x" + std::to_string(k) + ", " +
         std::to_string(stages) + " stages, " + (ping_pong ? "ping-pong" : "cooperative") + shared +
         (splits > 1 ? ", split-K " + std::to_string(splits) : "");
}

bool promotes(const GemmWork& work, const Target& target) {
  return work.dtype == DTYPE_FP8_BLOCK && target.variants.gemm_dequant() == DEQUANT_PROMOTION;
}

// A wgmma reads its 64 x k of A and N x k of B from shared memory, every warpgroup its own B; the
// TMA writes the stage that is consumed a ring later through the same 128 B/clk.
GemmSteps gemm_steps(const GemmTiling& tiling, const GemmWork& work, const Target& target,
                     std::int64_t depth) {
  const TensorGpu& gpu = target.chip.tensor_gpu();
  const MatrixRate& rate = matrix_rate(gpu, work.dtype);
  const auto shared_read = static_cast<std::int64_t>(gpu.shared_read());
  const auto fp32 = static_cast<std::int64_t>(gpu.fp32_rate());
  const std::int64_t rows = tiling.m / tiling.warpgroups;
  const std::int64_t row_bytes = ceil_div(round_up(depth, rate.k()) * kSwizzle, tiling.k);
  const std::int64_t read = (rows + rows / kWgmmaRows * tiling.n) * row_bytes;
  const std::int64_t fill = ceil_div((tiling.m + tiling.n) * row_bytes, tiling.warpgroups);
  const std::int64_t elements = rows * tiling.n;
  GemmSteps steps;
  steps.mma_tensor = compute::MatrixUnit{kWgmmaRows, 8, rate.k(), rate.macs_per_clk(), 0}.cycles(
      rows, tiling.n, depth);
  steps.mma_smem = ceil_div(read + fill, shared_read);
  steps.mma = std::max(steps.mma_tensor, steps.mma_smem);
  steps.promotion = promotes(work, target) ? ceil_div(elements, fp32) : 0;
  // One pass converts; row and column scales take one each where the epilogue applies them.
  const bool scales = is_quantized(work.dtype) && !promotes(work, target);
  steps.epilogue_fp32 = ceil_div(elements * (scales ? 3 : 1), fp32);
  steps.epilogue_smem = ceil_div(
      static_cast<std::int64_t>(static_cast<double>(elements) * element_bytes(work.out_dtype)),
      shared_read);
  steps.epilogue =
      std::max(steps.epilogue_fp32, steps.epilogue_smem) + gpu.matrix_latency() + gpu.barrier();
  return steps;
}

std::vector<GemmTiling> gemm_candidates(const GemmWork& work, const Target& target) {
  constexpr std::int64_t kNarrowest = 16;
  constexpr std::int64_t kWidest = 256;
  std::vector<GemmTiling> candidates;
  for (const std::int64_t m : {64, 128, 256}) {
    for (std::int64_t n = kNarrowest; n <= kWidest; n += kNarrowest) {
      GemmTiling tiling;
      tiling.m = m;
      tiling.n = n;
      tiling.k = step_elements(work.dtype);
      tiling.warpgroups = m == kWgmmaRows ? 1 : 2;
      add_candidate(candidates, tiling, work, target);
      if (!promotes(work, target)) {
        add_split_candidates(candidates, tiling, work, target);
      }
      if (m <= 128 && !promotes(work, target)) {
        tiling.warpgroups = 1;  // each of the two consumers has a tile of its own
        tiling.ping_pong = true;
        add_candidate(candidates, tiling, work, target);
      }
    }
  }
  return candidates;
}

GemmTiling choose_gemm_tiling(const GemmWork& work, const Target& target) {
  const std::vector<GemmTiling> candidates = gemm_candidates(work, target);
  if (candidates.empty()) {
    throw std::logic_error("no GEMM tile fits this SM");
  }
  std::size_t best = 0;
  double best_cost = gemm_cost(candidates[0], work, target);
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    const double cost = gemm_cost(candidates[i], work, target);
    if (cost < best_cost) {
      best = i;
      best_cost = cost;
    }
  }
  return candidates[best];
}

}  // namespace reticle::kernels::tensor_gpu
