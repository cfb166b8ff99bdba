#include <algorithm>
#include <numeric>

#include "models/kernels/tensor_gpu/attention_writer.h"
#include "models/kernels/tensor_gpu/programs.h"
#include "schema/dtype.h"

namespace reticle::kernels::tensor_gpu {

namespace {

std::int64_t blocks(const std::vector<AttentionTask>& tasks) {
  return std::accumulate(
      tasks.begin(), tasks.end(), std::int64_t{0},
      [](std::int64_t sum, const AttentionTask& task) { return sum + task.end - task.first; });
}

// Only the SM with the most key blocks.
void sketch(std::vector<std::vector<AttentionTask>>& sms, compute::TileProgram& program) {
  const auto busiest = std::max_element(
      sms.begin(), sms.end(), [](const auto& a, const auto& b) { return blocks(a) < blocks(b); });
  std::int64_t all = 0;
  program.sharers = 0;
  for (const auto& tasks : sms) {
    all += blocks(tasks);
    program.sharers += tasks.empty() ? 0 : 1;
  }
  program.parts = static_cast<double>(all) / static_cast<double>(blocks(*busiest));
  sms = {*busiest};
}

}  // namespace

compute::TileProgram attention_program(const Work& work, const Target& target) {
  const AttentionWork& attention = *work.attention;
  const AttentionTiling tiling = choose_attention_tiling(attention, target);
  auto sms = deal_attention(tiling, attention, target);
  compute::TileProgram program;
  if (target.sketch) {
    sketch(sms, program);
  }
  std::vector<AttentionWriter> writers;
  for (std::size_t sm = 0; sm < sms.size() && !sms[sm].empty(); ++sm) {
    writers.emplace_back(static_cast<std::uint32_t>(sm), tiling, attention, target);
    for (const AttentionTask& task : sms[sm]) {
      writers.back().task(task);
    }
  }
  program.matrix_dtype = matrix_dtype(attention.dtype);
  program.variant = tiling.text();
  for (AttentionWriter& writer : writers) {
    program.cores.push_back(writer.take());
  }
  return program;
}

}  // namespace reticle::kernels::tensor_gpu
