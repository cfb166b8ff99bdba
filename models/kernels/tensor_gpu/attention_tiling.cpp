#include "models/kernels/tensor_gpu/attention_tiling.h"

#include <algorithm>
#include <cmath>

#include "models/kernels/tensor_gpu/matrix_path.h"
#include "models/kernels/tensor_gpu/programs.h"
#include "schema/dtype.h"
#include "schema/errors.h"
#include "sim/compute/units.h"

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;
using compute::round_up;

namespace {

constexpr std::int64_t kThreads = 128;  // of a warpgroup
constexpr std::int64_t kProducerRegisters =
    24;                                       // a thread of the warpgroup that loads (setmaxnreg)
constexpr std::int64_t kOtherRegisters = 32;  // addresses, maxima and sums of a consumer thread
constexpr std::int64_t kMostRegisters = 255;  // of a thread
constexpr std::int64_t kKeyStep = 16;         // P is an operand of depth 16
// FlashAttention-3's widest blocks (hopper/tile_size.h): of any kind, where the diagonal cuts them
// or keys are gathered, and where a head is narrow.
constexpr std::int64_t kMostKeys = 176;
constexpr std::int64_t kMostNarrowKeys = 192;
constexpr std::int64_t kMostCutKeys = 128;
constexpr std::int64_t kNarrowHead = 64;

std::int64_t round_down(std::int64_t value, std::int64_t step) { return value / step * step; }

// A thread of a warpgroup holds n / 2 FP32 values of 64 x n: scores, their 16-bit copy, and O.
std::int64_t keys_in_registers(std::int64_t warpgroups, const AttentionWork& work,
                               const TensorGpu& gpu) {
  if (gpu.tensor_memory() > 0) {  // scores and O of every warpgroup's 64 rows
    const double column = static_cast<double>(warpgroups * kWarpgroupRows) * sizeof(float);
    return static_cast<std::int64_t>(gpu.tensor_memory() / column) - work.value_width;
  }
  const auto words = static_cast<std::int64_t>(gpu.registers()) / 4;
  const std::int64_t producer = has_producer(gpu) ? kProducerRegisters : 0;
  const std::int64_t share = (words / kThreads - producer) / warpgroups;
  const std::int64_t thread = round_down(std::min(share, kMostRegisters), 8);
  const std::int64_t left = thread - kOtherRegisters - round_up(work.value_width, 8) / 2;
  return left * 4 / 3;
}

std::int64_t keys_in_shared_memory(std::int64_t warpgroups, const AttentionWork& work,
                                   const TensorGpu& gpu) {
  const double element = element_bytes(work.dtype);
  const double rows = static_cast<double>(warpgroups * kWarpgroupRows * work.key_width) * element;
  const double key =
      static_cast<double>(kAttentionStages * (work.key_width + work.value_width)) * element;
  return static_cast<std::int64_t>(std::floor((gpu.shared_memory() - rows) / key));
}

std::int64_t padded(std::int64_t rows) {
  return round_up(rows, rows <= kWarpgroupRows ? kWarpgroupRows : 2 * kWarpgroupRows);
}

// One; else two, three where heads are narrow; with tensor memory four, two tiles of 128 rows in
// turn, where it holds both with 64 keys.
std::int64_t warpgroups_for(std::int64_t rows, const AttentionWork& work, const TensorGpu& gpu) {
  if (rows <= kWarpgroupRows) {
    return 1;
  }
  if (gpu.tensor_memory() > 0) {
    constexpr std::int64_t kKeys = 64;
    const bool both = keys_in_registers(4, work, gpu) >= kKeys;
    return both && rows > 2 * kWarpgroupRows ? 4 : 2;
  }
  return work.key_width <= kNarrowHead ? 3 : 2;
}

// Steps of a kernel are kept to so many; beyond, several blocks of keys go in one.
std::int64_t choose_merge(const AttentionTiling& tiling, const AttentionWork& work) {
  constexpr double kMostSteps = 1 << 16;
  const double tasks = static_cast<double>(units(tiling, work)) *
                       static_cast<double>(ceil_div(unit_rows(tiling, work), tiling.rows()));
  const double blocks =
      static_cast<double>(ceil_div(work.kv_len, tiling.keys)) * tasks * (work.causal ? 1 : 2) / 2;
  return std::max<std::int64_t>(1, std::llround(std::ceil(blocks / kMostSteps)));
}

}  // namespace

std::string AttentionTiling::text() const {
  return std::to_string(rows()) + " rows x " + std::to_string(keys) + " keys" +
         (packed ? ", heads packed" : "") +
         (splits > 1 ? ", keys split " + std::to_string(splits) + " ways" : "");
}

std::int64_t units(const AttentionTiling& tiling, const AttentionWork& work) {
  return work.sequences * work.kv_heads * (tiling.packed ? 1 : work.group);
}

std::int64_t unit_rows(const AttentionTiling& tiling, const AttentionWork& work) {
  return work.positions * (tiling.packed ? work.group : 1);
}

std::int64_t visible_keys(const AttentionTiling& tiling, const AttentionWork& work,
                          std::int64_t row) {
  const std::int64_t position = row / (tiling.packed ? work.group : 1);
  return work.causal ? work.kv_len - work.positions + position + 1 : work.kv_len;
}

std::int64_t key_block(const AttentionTiling& tiling, const AttentionWork& work,
                       const Target& target) {
  const TensorGpu& gpu = target.chip.tensor_gpu();
  const bool narrow = work.value_width <= kNarrowHead;
  const bool cut = work.causal || (tiling.gathered && !(narrow && tiling.warpgroups == 1));
  const std::int64_t widest = cut ? kMostCutKeys : narrow ? kMostNarrowKeys : kMostKeys;
  const std::int64_t fits =
      round_down(std::min({keys_in_registers(tiling.warpgroups, work, gpu),
                           keys_in_shared_memory(tiling.warpgroups, work, gpu), widest}),
                 kKeyStep);
  if (fits < kKeyStep) {
    throw UsageError("tensor_gpu: heads of " + std::to_string(work.key_width) + "/" +
                     std::to_string(work.value_width) +
                     " do not fit an SM's registers and shared memory");
  }
  return fits;
}

// Shared memory serves what a wgmma reads and, spread over a block's wgmmas, the TMA writing a
// block to come.
AttentionSteps attention_steps(const AttentionTiling& tiling, const AttentionWork& work,
                               const Target& target) {
  const TensorGpu& gpu = target.chip.tensor_gpu();
  const MatrixRate& rate = matrix_rate(gpu, work.dtype);
  const compute::MatrixUnit unit = {instruction_rows(gpu), 8, rate.k(), rate.macs_per_clk(), 0};
  const auto shared_read = static_cast<std::int64_t>(gpu.shared_read());
  const std::int64_t score =
      ceil_div(unit.cycles(tiling.rows(), tiling.keys, work.key_width), tiling.warpgroups);
  const std::int64_t value =
      ceil_div(unit.cycles(tiling.rows(), work.value_width, tiling.keys), tiling.warpgroups);
  const std::int64_t fill =
      data_bytes(tiling.keys * (work.key_width + work.value_width), work.dtype);
  const std::int64_t all = tiling.warpgroups * (score + value);
  const auto step = [&](std::int64_t tensor, std::int64_t read) {
    return MatrixStep{tensor, ceil_div(read + fill * tensor / all, shared_read)};
  };
  const auto fp32 = static_cast<std::int64_t>(gpu.fp32_rate());
  const auto reads =
      static_cast<std::int64_t>(attention_reads(gpu) * static_cast<double>(tiling.keys));
  AttentionSteps steps;
  steps.scores = step(score, data_bytes((kWarpgroupRows + reads) * work.key_width, work.dtype));
  steps.values = step(value, data_bytes(reads * work.value_width, work.dtype));
  steps.softmax = softmax_step(kWarpgroupRows * tiling.keys, gpu);
  steps.rescale = ceil_div(kWarpgroupRows * work.value_width, fp32);
  steps.conflict = register_conflict(steps.softmax.cycles + steps.rescale, gpu);
  steps.mask = 2 * alu_cycles(kWarpgroupRows * tiling.keys, gpu);  // compare, select
  return steps;
}

AttentionTiling choose_attention_tiling(const AttentionWork& work, const Target& target) {
  AttentionTiling tiling;
  const std::int64_t page = target.variants.attention().page();
  tiling.gathered = work.cached && page > 0 && page % kMostCutKeys != 0;
  const std::int64_t apart = work.group * padded(work.positions);
  const std::int64_t together = padded(work.group * work.positions);
  tiling.two_blocks = target.variants.attention().variant() == ATTENTION_VARIANT_FLASH_ATTENTION_2;
  tiling.packed = work.group > 1 && (tiling.gathered || 10 * together < 9 * apart);
  tiling.warpgroups = warpgroups_for(unit_rows(tiling, work), work, target.chip.tensor_gpu());
  tiling.keys = key_block(tiling, work, target);
  tiling.splits =
      work.splits > 0 ? work.splits : choose_splits(tiling, work, target.cores.matrix());
  tiling.merge = choose_merge(tiling, work);
  return tiling;
}

}  // namespace reticle::kernels::tensor_gpu
