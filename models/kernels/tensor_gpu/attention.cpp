#include "models/kernels/tensor_gpu/attention_writer.h"
#include "models/kernels/tensor_gpu/programs.h"
#include "schema/dtype.h"

namespace reticle::kernels::tensor_gpu {

namespace {

// Every SM sums some pieces of the rows whose keys were split.
void combine(std::vector<AttentionWriter>& writers,
             const std::vector<std::vector<AttentionTask>>& sms, std::int64_t stored) {
  std::size_t turn = 0;
  for (const auto& tasks : sms) {
    for (const AttentionTask& task : tasks) {
      for (std::int64_t row = 0; task.split == 0 && row < task.rows; row += kCombineRows) {
        writers[turn++ % writers.size()].combine(task, row, stored);
      }
    }
  }
}

}  // namespace

compute::TileProgram attention_program(const Work& work, const Target& target) {
  const AttentionWork& attention = *work.attention;
  const AttentionTiling tiling = choose_attention_tiling(attention, target);
  const auto sms = deal_attention(tiling, attention, target);
  std::vector<AttentionWriter> writers;
  std::int64_t tasks = 0;
  for (std::size_t sm = 0; sm < sms.size() && !sms[sm].empty(); ++sm) {
    writers.emplace_back(static_cast<std::uint32_t>(sm), tiling, attention, target);
    for (const AttentionTask& task : sms[sm]) {
      writers.back().task(task);
    }
    tasks += static_cast<std::int64_t>(sms[sm].size());
  }
  if (tiling.splits > 1) {
    combine(writers, sms, tasks);
  }
  compute::TileProgram program;
  program.matrix_dtype = matrix_dtype(attention.dtype);
  program.shared_flags = tiling.splits > 1 ? 1 : 0;
  program.variant = tiling.text();
  for (AttentionWriter& writer : writers) {
    program.cores.push_back(writer.take());
  }
  return program;
}

}  // namespace reticle::kernels::tensor_gpu
