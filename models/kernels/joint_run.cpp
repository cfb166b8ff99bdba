#include "models/kernels/joint_run.h"

#include <algorithm>

#include "sim/memory/tile_access.h"

namespace reticle::kernels {

namespace {

// Numbers that programs count from zero, as one program.
struct Offsets {
  std::uint32_t matrix_core = 0;
  std::uint32_t vector_core = 0;
  compute::Flag flag = 0;
  std::uint32_t tensor = 0;
};

compute::Flag moved(compute::Flag flag, const Offsets& offsets) {
  return flag == compute::kNoFlag || flag < compute::kSharedFlags ? flag : flag + offsets.flag;
}

void move(compute::Instruction& instruction, const Offsets& offsets) {
  for (compute::Wait& wait : instruction.waits) {
    wait.flag = moved(wait.flag, offsets);
  }
  for (compute::Flag& flag : instruction.raises) {
    flag = moved(flag, offsets);
  }
  instruction.key += memory::tile_key(offsets.tensor, 0);
}

// Vector cores come after all matrix cores where they are cores of their own.
std::uint32_t core_of(std::uint32_t core, const Chip& chip, const Offsets& offsets) {
  const bool vector = chip.family() == FAMILY_DAVINCI && core >= chip.davinci().cube_cores();
  return core + (vector ? offsets.vector_core : offsets.matrix_core);
}

}  // namespace

std::vector<engine::Ps> joint_run(chips::Machine& machine, const Chip& chip,
                                  const std::vector<PlacedProgram>& kernels) {
  compute::TileProgram all;
  std::vector<std::size_t> kernel_of;
  Offsets offsets;
  for (std::size_t k = 0; k < kernels.size(); ++k) {
    const compute::TileProgram& one = kernels[k].program;
    for (compute::CoreProgram core : one.cores) {
      core.core = core_of(core.core, chip, offsets);
      for (auto& queue : core.queues) {
        for (compute::Instruction& instruction : queue) {
          move(instruction, offsets);
        }
      }
      all.cores.push_back(std::move(core));
      kernel_of.push_back(k);
    }
    offsets.matrix_core += static_cast<std::uint32_t>(kernels[k].cores.matrix());
    offsets.vector_core += static_cast<std::uint32_t>(kernels[k].cores.vector());
    offsets.flag += one.shared_flags;
    offsets.tensor +=
        static_cast<std::uint32_t>(one.tensors.size()) + 1;  // one for partial results
  }
  all.shared_flags = offsets.flag;
  const chips::RunActivity activity = machine.run(all, {});
  std::vector<engine::Ps> ends(kernels.size(), 0);
  for (std::size_t i = 0; i < activity.cores.size(); ++i) {
    ends[kernel_of[i]] = std::max(ends[kernel_of[i]], activity.cores[i].end);
  }
  return ends;
}

}  // namespace reticle::kernels
