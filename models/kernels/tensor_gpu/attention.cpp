#include "models/kernels/tensor_gpu/attention_writer.h"
#include "models/kernels/tensor_gpu/programs.h"
#include "schema/dtype.h"

namespace reticle::kernels::tensor_gpu {

compute::TileProgram attention_program(const Work& work, const Target& target) {
  const AttentionWork& attention = *work.attention;
  const AttentionTiling tiling = choose_attention_tiling(attention, target);
  const auto sms = deal_attention(tiling, attention, target);
  std::vector<AttentionWriter> writers;
  for (std::size_t sm = 0; sm < sms.size() && !sms[sm].empty(); ++sm) {
    writers.emplace_back(static_cast<std::uint32_t>(sm), tiling, attention, target);
    for (const AttentionTask& task : sms[sm]) {
      writers.back().task(task);
    }
  }
  compute::TileProgram program;
  program.matrix_dtype = matrix_dtype(attention.dtype);
  program.variant = tiling.text();
  for (AttentionWriter& writer : writers) {
    program.cores.push_back(writer.take());
  }
  return program;
}

}  // namespace reticle::kernels::tensor_gpu
