#include <algorithm>
#include <numeric>

#include "models/chips/family.h"
#include "models/kernels/tensor_gpu/attention_writer.h"
#include "models/kernels/tensor_gpu/programs.h"
#include "schema/dtype.h"

namespace reticle::kernels::tensor_gpu {

namespace {

using Places = std::vector<std::vector<AttentionTask>>;

std::int64_t blocks(const std::vector<AttentionTask>& tasks) {
  return std::accumulate(
      tasks.begin(), tasks.end(), std::int64_t{0},
      [](std::int64_t sum, const AttentionTask& task) { return sum + task.end - task.first; });
}

// The places for thread blocks of each SM.
std::vector<Places> by_sm(Places&& places, std::int64_t sms) {
  std::vector<Places> all(static_cast<std::size_t>(sms));
  for (std::size_t place = 0; place < places.size(); ++place) {
    if (!places[place].empty()) {
      all[place % all.size()].push_back(std::move(places[place]));
    }
  }
  return all;
}

std::int64_t blocks(const Places& places) {
  return std::accumulate(places.begin(), places.end(), std::int64_t{0},
                         [](std::int64_t sum, const auto& tasks) { return sum + blocks(tasks); });
}

// Only the SM with the most key blocks.
void sketch(std::vector<Places>& sms, compute::TileProgram& program) {
  const auto busiest =
      std::max_element(sms.begin(), sms.end(),
                       [](const Places& a, const Places& b) { return blocks(a) < blocks(b); });
  std::int64_t all = 0;
  program.sharers = 0;
  for (const Places& places : sms) {
    all += blocks(places);
    program.sharers += places.empty() ? 0 : 1;
  }
  program.parts = static_cast<double>(all) / static_cast<double>(blocks(*busiest));
  sms = {*busiest};
}

// Thread blocks of one SM advance in turn.
compute::CoreProgram write_sm(std::uint32_t sm, const Places& places, const AttentionTiling& tiling,
                              const AttentionWork& work, const Target& target) {
  compute::CoreProgram program;
  program.core = sm;
  program.queues.resize(chips::kSmQueues);
  FlagCounter flags;
  std::vector<AttentionWriter> writers;
  writers.reserve(places.size());
  for (const auto& tasks : places) {
    writers.emplace_back(tasks, places.size() > 1, tiling, work, target, flags, program);
  }
  for (bool more = true; more;) {
    more = false;
    for (AttentionWriter& writer : writers) {
      more = writer.advance() || more;
    }
  }
  return program;
}

}  // namespace

compute::TileProgram attention_program(const Work& work, const Target& target) {
  const AttentionWork& attention = *work.attention;
  const AttentionTiling tiling = choose_attention_tiling(attention, target);
  auto sms = by_sm(deal_attention(tiling, attention, target), target.cores.matrix());
  compute::TileProgram program;
  if (target.sketch) {
    sketch(sms, program);
  }
  program.matrix_dtype = matrix_dtype(attention.dtype);
  program.variant = tiling.text();
  for (std::size_t sm = 0; sm < sms.size(); ++sm) {
    if (!sms[sm].empty()) {
      program.cores.push_back(
          write_sm(static_cast<std::uint32_t>(sm), sms[sm], tiling, attention, target));
    }
  }
  return program;
}

}  // namespace reticle::kernels::tensor_gpu
