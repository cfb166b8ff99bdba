#include <algorithm>

#include "models/kernels/davinci/mla_plan.h"
#include "models/kernels/davinci/programs.h"
#include "schema/errors.h"

namespace reticle::kernels::davinci {

namespace {

constexpr double kFp32 = 4;
constexpr std::uint32_t kFlags = 3;  // shared, a cube core

void add_workspaces(compute::TileProgram& program, const MlaPlan& plan, double cores) {
  const double rows = kMlaSlots * cores * static_cast<double>(plan.row_tile);
  const auto keys = static_cast<double>(plan.kv_block);
  const auto width = static_cast<double>(plan.work.value_width);
  program.tensors = {"scores", "probabilities", "partial", "accumulator"};
  program.tensor_bytes = {rows * keys * kFp32, rows * keys * plan.bytes, rows * width * kFp32,
                          rows / kMlaSlots * width * kFp32};
}

}  // namespace

compute::TileProgram mla_program(const Work& work, const Target& target) {
  if (target.variants.mla() != MLA_VARIANT_CM384) {
    throw UsageError("davinci: software kernels.mla must be cm384 on this family");
  }
  const MlaPlan plan = mla_plan(*work.mla, target);
  const std::int64_t cores = std::min(target.cores.matrix(), mla_tasks(plan));
  compute::TileProgram program;
  for (std::int64_t c = 0; c < cores; ++c) {
    const auto core = static_cast<std::uint32_t>(c);
    const std::vector<MlaBlock> blocks = mla_blocks(plan, c, cores);
    program.cores.push_back(mla_cube(plan, core, blocks));
    for (std::int64_t helper = 0; helper < plan.vector_cores; ++helper) {
      program.cores.push_back(mla_vector(plan, core, helper, blocks));
    }
  }
  program.shared_flags = kFlags * static_cast<std::uint32_t>(cores);
  add_workspaces(program, plan, static_cast<double>(cores));
  program.variant = "cm384: " + std::to_string(mla_tasks(plan)) + " tasks of " +
                    std::to_string(plan.row_tile) + " rows on " + std::to_string(cores) +
                    " AIC, blocks of " + std::to_string(plan.kv_block) + " keys, " +
                    std::to_string(plan.vector_rows) + " rows at a time a AIV";
  return program;
}

}  // namespace reticle::kernels::davinci
