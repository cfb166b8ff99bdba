#include "models/kernels/program_memo.h"

#include <utility>

#include "schema/config/canonical.h"

namespace reticle::kernels {

namespace {

constexpr std::size_t kMostKept = 1 << 20;  // instructions, 72 bytes each

std::size_t instructions(const compute::TileProgram& program) {
  std::size_t sum = 0;
  for (const compute::CoreProgram& core : program.cores) {
    for (const auto& queue : core.queues) {
      sum += queue.size();
    }
  }
  return sum;
}

}  // namespace

void ProgramMemo::begin(const Operator& op, const Cores& cores, const KernelVariants& variants) {
  std::string same = config::deterministic_bytes(op) + config::deterministic_bytes(cores) +
                     config::deterministic_bytes(variants);
  next_ = 0;
  if (same != programs_of_) {
    programs_of_ = std::move(same);
    programs_.clear();
    kept_ = 0;
  }
}

const compute::TileProgram& ProgramMemo::next(const std::function<compute::TileProgram()>& make) {
  const std::size_t index = next_++;
  if (index == programs_.size()) {
    programs_.emplace_back();
  }
  if (programs_[index]) {
    return *programs_[index];
  }
  passing_ = make();
  const std::size_t length = instructions(passing_);
  if (kept_ + length > kMostKept) {
    return passing_;
  }
  kept_ += length;
  programs_[index] = std::move(passing_);
  return *programs_[index];
}

}  // namespace reticle::kernels
