#include "study/validate/subjects.h"

#include "models/kernels/kernel_key.h"
#include "models/systems/machine.h"
#include "study/kernel/collective_study.h"
#include "study/kernel/kernel_study.h"

namespace reticle::study {

namespace {

template <class Holder>
Holder operator_of(const ValidationSet& set, const std::vector<config::Assignment>& keys) {
  Holder op;
  config::assign(config::select_op(op, set.op()), keys);
  return op;
}

// The set's cube cores with their vector cores; all where it names none.
Cores cores_of(const ValidationSet& set, const Simulator& simulator) {
  Cores cores = kernels::all_cores(simulator.chip());
  if (set.cores() > 0) {
    const std::int64_t beside = cores.vector() / cores.matrix();
    cores.set_matrix(set.cores());
    cores.set_vector(beside * set.cores());
  }
  return cores;
}

}  // namespace

Simulator& Subjects::simulator(Chip chip, const ValidationSet& set) {
  require_rank_chip(chip);
  if (set.clock() > 0) {
    chip.set_clock(set.clock());
  }
  const std::string stack = software_stack(chip, set.software());
  Simulator*& known = by_stack_[{chip.name(), chip.clock(), stack, set.kernel_alone()}];
  if (known == nullptr) {
    Software software = catalog_.software(stack).message;
    if (set.kernel_alone()) {
      software.mutable_launch()->set_graph_gap(0);
      software.mutable_launch()->set_core_start(0);
    }
    simulators_.emplace_back("chip" + std::to_string(simulators_.size()), chip, software, fidelity_,
                             store_);
    known = &simulators_.back();
  }
  return *known;
}

void Subjects::add(const ValidationSet& set) {
  Subject subject;
  if (set.system().empty()) {
    subject.simulator = &simulator(catalog_.chip(set.chip()).message, set);
  } else {
    subject.system = catalog_.system(set.system()).message;
    subject.ranks_per_package =
        systems::ranks_per_package(catalog_.chip(subject.system->chip()).message);
    subject.simulator = &simulator(catalog_.chip(subject.system->rank_chip()).message, set);
  }
  by_set_[set.name()] = subject;
}

std::optional<double> Subjects::fast(const ValidationSet& set,
                                     const std::vector<config::Assignment>& keys) {
  if (!set.system().empty() || fidelity_ == FIDELITY_FAST) {
    return std::nullopt;
  }
  return predict(set, keys, FIDELITY_FAST);
}

double Subjects::predict(const ValidationSet& set, const std::vector<config::Assignment>& keys,
                         Fidelity fidelity) {
  Subject& subject = by_set_.at(set.name());
  if (subject.system) {
    return collective_result(*subject.system, subject.ranks_per_package, *subject.simulator,
                             operator_of<CollectiveOperator>(set, keys))
        .time_us();
  }
  L2State l2;
  l2.set_start(set.start());
  const KernelResult result = kernel_result(*subject.simulator, operator_of<Operator>(set, keys),
                                            l2, fidelity, cores_of(set, *subject.simulator));
  switch (set.quantity()) {
    case MEASURED_QUANTITY_POWER_W:
      return result.power_w();
    case MEASURED_QUANTITY_HBM_GB_PER_S:
      return result.hbm_gb_per_s();
    default:
      return result.time_us();
  }
}

}  // namespace reticle::study
