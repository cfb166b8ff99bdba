#include "models/kernels/kernel_model.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <stdexcept>

#include "models/chips/family.h"
#include "models/kernels/demand.h"
#include "models/kernels/kernel_key.h"
#include "models/kernels/mapping.h"
#include "schema/config/canonical.h"
#include "schema/errors.h"

namespace reticle::kernels {

namespace {

// As make_key() puts it into the key.
Chip stripped(const Chip& chip) {
  Chip left = chip;
  config::strip_outside_kernel_key(left);
  left.set_clock(chip.clock());
  return left;
}

compute::TileProgram map(const Work& work, const Target& target) {
  return target.chip.family() == FAMILY_DAVINCI ? map_davinci(work, target)
                                                : map_tensor_gpu(work, target);
}

void check_cores(const Cores& wanted, const Chip& chip) {
  const Cores all = all_cores(chip);
  if (wanted.matrix() > all.matrix() || wanted.vector() > all.vector()) {
    throw UsageError("cores " + std::to_string(wanted.matrix()) + "/" +
                     std::to_string(wanted.vector()) + " (matrix/vector) asked for, the chip has " +
                     std::to_string(all.matrix()) + "/" + std::to_string(all.vector()));
  }
}

// The tensor a transfer moves, or the resource a unit's instruction occupies.
std::string what(const compute::Instruction& instruction, const compute::TileProgram& program) {
  if (instruction.bytes > 0) {
    return program.tensors.at(memory::tensor_of(instruction.key));
  }
  std::string name = Resource_Name(instruction.uses[0].resource).substr(sizeof("RESOURCE_") - 1);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return instruction.uses[0].resource == RESOURCE_UNSPECIFIED ? "move" : name;
}

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

// All kernels of the key's operator.
std::vector<Work> kernels_on(const KernelKey& key, const Target& target) {
  if (target.chip.family() == FAMILY_DAVINCI) {
    return kernels_of(key.op());
  }
  std::vector<Work> kernels;
  for (const Work& work : kernels_of(key.op())) {
    const std::vector<Work> launched = launches_tensor_gpu(work, target);
    kernels.insert(kernels.end(), launched.begin(), launched.end());
  }
  return kernels;
}

// The last kernel that multiplies, or the last of all.
const Work& watched(const std::vector<Work>& kernels) {
  const auto found = std::find_if(kernels.rbegin(), kernels.rend(),
                                  [](const Work& work) { return !work.vector && !work.combine; });
  return found == kernels.rend() ? kernels.back() : *found;
}

}  // namespace

KernelModel::KernelModel(const std::string& name, const Chip& chip, std::int64_t step_budget)
    : chip_(stripped(chip)),
      clock_hz_(chip.clock()),
      machine_(name, chips::machine_spec(chip, chip.clock())),
      step_budget_(step_budget) {}

DemandVector KernelModel::run(const KernelKey& key) {
  if (config::deterministic_bytes(key.chip()) != config::deterministic_bytes(chip_)) {
    throw std::logic_error("kernel key of another chip");
  }
  set_clock(key.clock_hz());
  check_cores(key.cores(), chip_);
  recall(key);
  const std::vector<Work> kernels = kernels_on(key, target(key));
  const double capacity = chip_.l2().capacity();
  const double copies = operands_rotated(key.op());
  const L2State state = start_state(kernels, key.l2(), copies, capacity);
  const double dirty = dirty_share(kernels, key.l2(), copies, capacity);
  // Operations and tilings are those of the matrix kernels, where there are any.
  const bool matrix =
      std::any_of(kernels.begin(), kernels.end(), [](const Work& work) { return !work.vector; });
  DemandVector demand;
  for (const Work& work : kernels) {
    DemandVector one = run_one(work, start_of(work, state, dirty), key);
    drop_padding(one);
    if (matrix && work.vector) {
      one.set_operations(0);
      one.clear_variant();
    }
    if (demand.kernels() == 0) {
      demand = one;
    } else {
      append(demand, one);
    }
  }
  return demand;
}

KernelModel::Start KernelModel::start_of(const Work& work, const L2State& state,
                                         double dirty_share) const {
  Start start;
  start.resident = resident_tensors(work.tensors, state, chip_.l2().capacity());
  start.leftover = {dirty_share > 0 ? chip_.l2().capacity() : 0, dirty_share};
  for (const Tensor& tensor : work.tensors) {
    const bool resident = std::find(start.resident.begin(), start.resident.end(), tensor.name) !=
                          start.resident.end();
    start.leftover.bytes -= resident ? tensor.bytes : 0;
  }
  return start;
}

DemandVector KernelModel::run_one(const Work& work, const Start& start, const KernelKey& key) {
  if (work.gemm && tile_steps(work) > step_budget_) {
    return run_waves(work, key, start);
  }
  const std::optional<Extrapolation> parts = extrapolation(work, step_budget_);
  if (!parts) {
    return simulate(work, key, start, 0).demand;
  }
  return extrapolate(simulate(parts->small, key, start, 0).demand,
                     simulate(parts->large, key, start, 0).demand, parts->factor, work.operations);
}

// A GEMM of many waves of tiles: a first few of them, twice as many, and the rest like the second
// half. A last wave that does not fill the chip takes as long as one that does.
DemandVector KernelModel::run_waves(const Work& work, const KernelKey& key, const Start& start) {
  const double share = static_cast<double>(step_budget_) / static_cast<double>(tile_steps(work));
  const double all = std::ceil(simulate(work, key, start, 1).waves);
  const auto waves = std::max<std::int64_t>(1, static_cast<std::int64_t>(share * all / 2));
  if (2 * static_cast<double>(waves) >= all) {
    return simulate(work, key, start, 0).demand;
  }
  return extrapolate(simulate(work, key, start, waves).demand,
                     simulate(work, key, start, 2 * waves).demand,
                     all / static_cast<double>(waves) - 2, work.operations);
}

KernelModel::Simulated KernelModel::simulate(const Work& work, const KernelKey& key,
                                             const Start& start, std::int64_t wave_limit) {
  Target limited = target(key);
  limited.wave_limit = wave_limit;
  const compute::TileProgram& program = next_program(work, limited);
  return {demand_of(program, machine_.run(program, start.resident, {}, start.leftover), key),
          program.waves};
}

// Programs depend on everything in the key but the clock and what is in L2.
void KernelModel::recall(const KernelKey& key) {
  KernelKey same;
  *same.mutable_software() = key.software();
  *same.mutable_op() = key.op();
  *same.mutable_cores() = key.cores();
  std::string bytes = config::deterministic_bytes(same);
  next_program_ = 0;
  if (bytes != programs_of_) {
    programs_of_ = std::move(bytes);
    programs_.clear();
    kept_ = 0;
  }
}

const compute::TileProgram& KernelModel::next_program(const Work& work, const Target& target) {
  const std::size_t index = next_program_++;
  if (index == programs_.size()) {
    programs_.emplace_back();
  }
  if (programs_[index]) {
    return *programs_[index];
  }
  passing_ = map(work, target);
  const std::size_t length = instructions(passing_);
  if (kept_ + length > kMostKept) {
    return passing_;
  }
  kept_ += length;
  programs_[index] = std::move(passing_);
  return *programs_[index];
}

void KernelModel::set_clock(double clock_hz) {
  if (clock_hz != clock_hz_) {
    machine_.set_spec(chips::machine_spec(chip_, clock_hz));
    clock_hz_ = clock_hz;
  }
}

Target KernelModel::target(const KernelKey& key) const {
  // Tilings are chosen ahead of time, for the rated clock and not for what power leaves of it.
  return {chip_, key.software().kernels(), key.cores(), chip_.clock(), 0};
}

void KernelModel::watch(const KernelKey& key, const std::function<void(const Slice&)>& slice) {
  set_clock(key.clock_hz());
  const std::vector<Work> kernels = kernels_on(key, target(key));
  const double capacity = chip_.l2().capacity();
  const double copies = operands_rotated(key.op());
  const Work& work = watched(kernels);
  const Start start = start_of(work, start_state(kernels, key.l2(), copies, capacity),
                               dirty_share(kernels, key.l2(), copies, capacity));
  const compute::TileProgram program = map(work, target(key));
  machine_.run(
      program, start.resident,
      [&](std::uint32_t core, std::size_t queue, engine::Ps start, engine::Ps end,
          const compute::Instruction& instruction) {
        slice({machine_.queue_name(core, queue), what(instruction, program), start, end,
               instruction.bytes, instruction.operations});
      },
      start.leftover);
}

}  // namespace reticle::kernels
