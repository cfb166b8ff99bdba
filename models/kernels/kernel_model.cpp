#include "models/kernels/kernel_model.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include "models/chips/family.h"
#include "models/kernels/demand.h"
#include "models/kernels/kernel_key.h"
#include "models/kernels/mapping.h"
#include "models/kernels/vector_work.h"
#include "schema/config/canonical.h"
#include "schema/dtype.h"
#include "schema/errors.h"

namespace reticle::kernels {

namespace {

Chip stripped(Chip chip) {
  config::strip_outside_kernel_key(chip);
  return chip;
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

// The work of the kernel that quantises activations before a gemm with quantize_a.
std::optional<Work> first_kernel(const Operator& op) {
  if (op.op_case() != Operator::kGemm || !op.gemm().quantize_a()) {
    return std::nullopt;
  }
  if (!is_quantized(op.gemm().dtype())) {
    throw UsageError("quantize_a=true: " + shape_text(op) + " has no scales");
  }
  return quantize_work(op.gemm().m(), op.gemm().k(), op.gemm().dtype());
}

}  // namespace

KernelModel::KernelModel(const std::string& name, const Chip& chip)
    : chip_(stripped(chip)),
      clock_hz_(chip.clock()),
      machine_(name, chips::machine_spec(chip, chip.clock())) {}

DemandVector KernelModel::run(const KernelKey& key) {
  if (config::deterministic_bytes(key.chip()) != config::deterministic_bytes(chip_)) {
    throw std::logic_error("kernel key of another chip");
  }
  if (key.clock_hz() != clock_hz_) {
    throw std::logic_error("kernel key of another clock");
  }
  check_cores(key.cores(), chip_);
  DemandVector demand = run_one(work_of(key.op()), key);
  if (const std::optional<Work> quantise = first_kernel(key.op())) {
    add_before(demand, run_one(*quantise, key));
  }
  return demand;
}

DemandVector KernelModel::run_one(const Work& work, const KernelKey& key) {
  const compute::TileProgram program = map(work, target(key));
  const chips::RunActivity activity =
      machine_.run(program, resident_tensors(work.tensors, key.l2(), chip_.l2().capacity()));
  return demand_of(program, activity, key);
}

Target KernelModel::target(const KernelKey& key) const {
  return {chip_, key.software().kernels(), key.cores(), key.clock_hz()};
}

void KernelModel::watch(const KernelKey& key, const std::function<void(const Slice&)>& slice) {
  const Work work = work_of(key.op());
  const compute::TileProgram program = map(work, target(key));
  machine_.run(program, resident_tensors(work.tensors, key.l2(), chip_.l2().capacity()),
               [&](std::uint32_t core, std::size_t queue, engine::Ps start, engine::Ps end,
                   const compute::Instruction& instruction) {
                 slice({machine_.queue_name(core, queue), what(instruction, program), start, end,
                        instruction.bytes, instruction.operations});
               });
}

}  // namespace reticle::kernels
