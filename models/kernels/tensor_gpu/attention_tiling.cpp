#include "models/kernels/tensor_gpu/attention_tiling.h"

#include <algorithm>
#include <cmath>

#include "models/kernels/tensor_gpu/matrix_path.h"
#include "models/kernels/tensor_gpu/programs.h"
#include "schema/dtype.h"
#include "sim/compute/units.h"

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;
using compute::round_up;

namespace {

std::int64_t padded(std::int64_t rows) {
  return round_up(rows, rows <= kWarpgroupRows ? kWarpgroupRows : 2 * kWarpgroupRows);
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
         (blocks > 1 ? ", " + std::to_string(blocks) + " thread blocks an SM" : "") +
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

bool is_latent(const AttentionWork& work) {
  return work.cached && work.value_width < work.key_width;
}

// FlashAttention-3 packs always where it gathers and, to compile less, with mma.sync; FA2 only a
// single query's heads.
bool packs_heads(const AttentionTiling& tiling, const AttentionWork& work, const Target& target) {
  if (work.group == 1) {
    return false;
  }
  if (variant_of(work, target) == ATTENTION_VARIANT_FLASH_ATTENTION_2) {
    return work.positions == 1;
  }
  const std::int64_t apart = work.group * padded(work.positions);
  const std::int64_t together = padded(work.group * work.positions);
  return tiling.gathered || !has_producer(target.chip.tensor_gpu()) || 10 * together < 9 * apart;
}

// Shared memory serves what the products read and, spread over a block's products, loads writing a
// block to come.
AttentionSteps attention_steps(const AttentionTiling& tiling, const AttentionWork& work,
                               const Target& target) {
  const TensorGpu& gpu = target.chip.tensor_gpu();
  const MatrixRate& rate = matrix_rate(gpu, work.dtype);
  const compute::MatrixUnit unit = {instruction_rows(gpu), 8, rate.k(), rate.macs_per_clk(), 0};
  const auto shared_read = static_cast<std::int64_t>(gpu.shared_read());
  const std::int64_t score =
      ceil_div(unit.cycles(tiling.rows(), tiling.keys, work.key_width), tiling.groups);
  const std::int64_t value =
      ceil_div(unit.cycles(tiling.rows(), work.value_width, tiling.keys), tiling.groups);
  // wgmma takes 8-bit operands along k only: the warps that load turn V around in shared memory.
  const bool turned =
      is_quantized(work.dtype) && gpu.matrix_instruction() == MATRIX_INSTRUCTION_WGMMA;
  const std::int64_t moves = is_latent(work) ? 0 : turned ? 3 : 1;  // of V, to or in shared memory
  const std::int64_t fill =
      data_bytes(tiling.keys * (work.key_width + moves * work.value_width), work.dtype);
  const std::int64_t all = tiling.groups * (score + value);
  const auto step = [&](std::int64_t tensor, std::int64_t read) {
    return MatrixStep{tensor, ceil_div(read + fill * tensor / all, shared_read)};
  };
  const auto fp32 = static_cast<std::int64_t>(gpu.fp32_rate());
  const auto reads = static_cast<std::int64_t>(tiling.key_reads * static_cast<double>(tiling.keys));
  AttentionSteps steps;
  steps.scores = step(score, data_bytes((tiling.group_rows + reads) * work.key_width, work.dtype));
  steps.values = step(value, data_bytes(reads * work.value_width, work.dtype));
  steps.softmax = softmax_step(tiling.group_rows * tiling.keys, gpu);
  steps.rescale = ceil_div(tiling.group_rows * work.value_width, fp32);
  steps.conflict = register_conflict(steps.softmax.cycles + steps.rescale, gpu);
  steps.mask = 2 * alu_cycles(tiling.group_rows * tiling.keys, gpu);  // compare, select
  return steps;
}

AttentionTiling choose_attention_tiling(const AttentionWork& work, const Target& target) {
  AttentionTiling tiling = library_tile(work, target, false);
  tiling.packed = packs_heads(tiling, work, target);
  const std::int64_t most = most_splits(tiling, work, target);
  if (most > 1) {
    tiling = library_tile(work, target, true);
    tiling.packed = packs_heads(tiling, work, target);
  }
  tiling.most_splits = most;
  tiling.splits = work.splits > 0 ? work.splits : used_splits(tiling, work, target);
  tiling.merge = choose_merge(tiling, work);
  return tiling;
}

}  // namespace reticle::kernels::tensor_gpu
