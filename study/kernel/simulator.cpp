#include "study/kernel/simulator.h"

#include "models/kernels/kernel_key.h"
#include "schema/errors.h"

namespace reticle::study {

Simulator::Simulator(const std::string& label, const Chip& chip, const Software& software,
                     Fidelity fidelity, kernels::Store& store)
    : chip_(chip), software_(software), fidelity_(fidelity), model_(label, chip), store_(store) {
  if (fidelity != FIDELITY_CYCLE) {
    throw UsageError("--fidelity fast: not yet; cycle is the default");
  }
}

DemandVector Simulator::demand(const Operator& op, const Cores& cores, const L2State& l2) {
  const KernelKey key = kernels::make_key(chip_, software_, op, cores, l2, fidelity_);
  if (const auto known = store_.find(key)) {
    return *known;
  }
  const DemandVector demand = model_.run(key);
  store_.put(key, demand);
  return demand;
}

DemandVector Simulator::demand_alone(const Operator& op, const L2State& l2) {
  return demand(op, kernels::all_cores(chip_), l2);
}

}  // namespace reticle::study
