#include <algorithm>

#include "models/kernels/numbers.h"
#include "models/kernels/tensor_gpu/matrix_path.h"
#include "models/kernels/tensor_gpu/mla_parts.h"
#include "models/kernels/tensor_gpu/mla_writer.h"
#include "models/kernels/tensor_gpu/programs.h"
#include "schema/dtype.h"
#include "schema/errors.h"
#include "sim/compute/units.h"

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;

// Shared memory serves what a wgmma reads and, spread evenly over a block's wgmmas, the TMA writing
// a block to come.
MlaSteps mla_steps(const MlaWork& work, const Target& target) {
  const TensorGpu& gpu = target.chip.tensor_gpu();
  const MatrixRate& rate = matrix_rate(gpu, work.dtype);
  const compute::MatrixUnit unit = {instruction_rows(gpu), 8, rate.k(), rate.macs_per_clk(), 0};
  const auto shared_read = static_cast<std::int64_t>(gpu.shared_read());
  const auto fp32 = static_cast<std::int64_t>(gpu.fp32_rate());
  const auto element = static_cast<std::int64_t>(element_bytes(work.dtype));
  const std::int64_t half = work.value_width / 2;
  const std::int64_t score = unit.cycles(kMlaRows, kMlaBlock, kMlaColumns);
  const std::int64_t value = unit.cycles(kMlaRows, half, kMlaBlock);
  const std::int64_t block = work.key_width / kMlaColumns * score + 2 * value;
  const std::int64_t fill = kMlaBlock * work.key_width * element;
  const std::int64_t p = kMlaRows * kMlaBlock * element;
  const auto step = [&](std::int64_t tensor, std::int64_t read) {
    return MatrixStep{tensor, ceil_div(read + fill * tensor / block, shared_read)};
  };
  MlaSteps steps;
  steps.scores = step(score, (kMlaRows + kMlaBlock) * kMlaColumns * element);
  steps.values_own = step(value, kMlaBlock * half * element);
  steps.values_other = step(value, kMlaBlock * half * element + p);
  steps.softmax = softmax_step(kMlaRows * kMlaBlock, gpu);
  steps.rescale = ceil_div(kMlaRows * half, fp32);
  // Every softmax runs beside products of the other warpgroup: shared among a block's two with V.
  const std::int64_t conflict = register_conflict(steps.softmax.cycles + 2 * steps.rescale, gpu);
  steps.values_own.conflict = steps.values_other.conflict = conflict / 2;
  steps.exchange = ceil_div(p, shared_read);
  return steps;
}

namespace {

// Row blocks of one part read the same keys at once. Their thread blocks are neighbours and taken
// to be in one GPC, so near one partition of L2, which SMs are near in turn: else every key would
// cross from one partition to the other.
std::uint32_t place(std::int64_t sm, const MlaParts& dealt, std::int64_t partitions) {
  const std::int64_t part = sm / dealt.lanes;
  const std::int64_t first = part / partitions * partitions;  // of a group, a part a partition
  const bool whole = first + partitions <= static_cast<std::int64_t>(dealt.parts.size());
  return narrow(whole ? first * dealt.lanes + sm % dealt.lanes * partitions + part % partitions
                      : sm);
}

}  // namespace

compute::TileProgram mla_program(const Work& work, const Target& target) {
  if (target.variants.mla() != MLA_VARIANT_FLASHMLA_2025_04) {
    throw UsageError("tensor_gpu: mla_decode needs kernels.mla: flashmla_2025_04");
  }
  if (target.chip.tensor_gpu().matrix_instruction() == MATRIX_INSTRUCTION_MMA_SYNC) {
    throw UsageError("tensor_gpu: flashmla_2025_04 needs wgmma or tcgen05, this chip has mma_sync");
  }
  const MlaWork& mla = *work.mla;
  const MlaParts dealt = deal_mla(mla, target.cores.matrix());
  const std::int64_t sms = dealt.lanes * static_cast<std::int64_t>(dealt.parts.size());
  const std::int64_t partitions = std::max(1U, target.chip.l2().partitions());
  compute::TileProgram program;
  program.matrix_dtype = matrix_dtype(mla.dtype);
  for (std::int64_t sm = 0; sm < (target.sketch ? 1 : sms); ++sm) {
    MlaWriter writer(place(sm, dealt, partitions), mla, dealt, target);
    for (std::int64_t row = sm % dealt.lanes; row < dealt.row_blocks; row += dealt.lanes) {
      for (const MlaSegment& segment : dealt.parts[static_cast<std::size_t>(sm / dealt.lanes)]) {
        writer.segment(segment, row);
      }
    }
    program.cores.push_back(writer.take());
  }
  if (target.sketch) {
    std::int64_t blocks = 0;
    for (const MlaSegment& segment : dealt.parts[0]) {
      blocks += segment.end - segment.first;
    }
    const std::int64_t rows = ceil_div(dealt.row_blocks, dealt.lanes);
    program.sharers = static_cast<double>(sms);
    program.parts = static_cast<double>(mla.sequences * dealt.kv_blocks * dealt.row_blocks) /
                    static_cast<double>(blocks * rows);
  }
  program.variant = "64 rows x 64 keys, " + std::to_string(dealt.parts.size()) + " parts, " +
                    std::to_string(dealt.partial_segments()) + " partial results a row block";
  return program;
}

}  // namespace reticle::kernels::tensor_gpu
