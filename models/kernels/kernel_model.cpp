#include "models/kernels/kernel_model.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <stdexcept>

#include "models/chips/family.h"
#include "models/kernels/demand.h"
#include "models/kernels/mapping.h"
#include "schema/config/canonical.h"

namespace reticle::kernels {

namespace {

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

// The last kernel that multiplies, or the last of all.
const KernelRun& watched(const std::vector<KernelRun>& runs) {
  const auto found = std::find_if(runs.rbegin(), runs.rend(), [](const KernelRun& run) {
    return !run.work.vector && !run.work.combine;
  });
  return found == runs.rend() ? runs.back() : *found;
}

}  // namespace

KernelModel::KernelModel(const std::string& name, const Chip& chip, std::int64_t step_budget)
    : chip_(visible_to_kernels(chip)),
      clock_hz_(chip.clock()),
      machine_(name, chips::machine_spec(chip, chip.clock())),
      step_budget_(step_budget) {}

DemandVector KernelModel::run(const KernelKey& key) {
  if (config::deterministic_bytes(key.chip()) != config::deterministic_bytes(chip_)) {
    throw std::logic_error("kernel key of another chip");
  }
  set_clock(key.clock_hz());
  check_cores(key.cores(), chip_);
  programs_.begin(key.op(), key.cores(), key.software().kernels());
  return sum_of(kernel_runs(key.op(), key.l2(), target(key)),
                [&](const KernelRun& run) { return run_one(run, key); });
}

DemandVector KernelModel::run_one(const KernelRun& run, const KernelKey& key) {
  if (run.work.gemm && tile_steps(run.work) > step_budget_) {
    return run_waves(run, key);
  }
  const std::optional<Extrapolation> parts = extrapolation(run.work, step_budget_);
  if (!parts) {
    return simulate(run, key, 0);
  }
  return extrapolate(simulate({parts->small, run.start}, key, 0),
                     simulate({parts->large, run.start}, key, 0), parts->factor,
                     run.work.operations);
}

// A GEMM of many waves of tiles: a first few of them, twice as many, and the rest like the second
// half. A last wave that does not fill the chip takes as long as one that does.
DemandVector KernelModel::run_waves(const KernelRun& run, const KernelKey& key) {
  const double share =
      static_cast<double>(step_budget_) / static_cast<double>(tile_steps(run.work));
  Target first_wave = target(key);
  first_wave.wave_limit = 1;
  const double all = std::ceil(programs_.next([&] { return map(run.work, first_wave); }).waves);
  const auto waves = std::max<std::int64_t>(1, static_cast<std::int64_t>(share * all / 2));
  if (2 * static_cast<double>(waves) >= all) {
    return simulate(run, key, 0);
  }
  return extrapolate(simulate(run, key, waves), simulate(run, key, 2 * waves),
                     all / static_cast<double>(waves) - 2, run.work.operations);
}

DemandVector KernelModel::simulate(const KernelRun& run, const KernelKey& key,
                                   std::int64_t wave_limit) {
  Target limited = target(key);
  limited.wave_limit = wave_limit;
  const compute::TileProgram& program = programs_.next([&] { return map(run.work, limited); });
  return demand_of(program, machine_.run(program, run.start.resident, {}, run.start.leftover), key);
}

void KernelModel::set_clock(double clock_hz) {
  if (clock_hz != clock_hz_) {
    machine_.set_spec(chips::machine_spec(chip_, clock_hz));
    clock_hz_ = clock_hz;
  }
}

Target KernelModel::target(const KernelKey& key) const {
  // Tilings are chosen ahead of time, for the rated clock and not for what power leaves of it.
  return {chip_, key.software().kernels(), key.cores(), chip_.clock()};
}

void KernelModel::watch(const KernelKey& key, const std::function<void(const Slice&)>& slice) {
  set_clock(key.clock_hz());
  const std::vector<KernelRun> runs = kernel_runs(key.op(), key.l2(), target(key));
  const KernelRun& run = watched(runs);
  const compute::TileProgram program = map(run.work, target(key));
  machine_.run(
      program, run.start.resident,
      [&](std::uint32_t core, std::size_t queue, engine::Ps start, engine::Ps end,
          const compute::Instruction& instruction) {
        slice({machine_.queue_name(core, queue), what(instruction, program), start, end,
               instruction.bytes, instruction.operations});
      },
      run.start.leftover);
}

}  // namespace reticle::kernels
