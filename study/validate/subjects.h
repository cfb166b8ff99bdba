#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "schema/config/catalog.h"
#include "schema/system.pb.h"
#include "study/kernel/simulator.h"
#include "study/validate/set.h"

namespace reticle::study {

// What sets measure: chips under a software stack, and systems. One simulator each, made before the
// first kernel runs.
class Subjects {
 public:
  Subjects(const config::Catalog& catalog, Fidelity fidelity, kernels::Store& store)
      : catalog_(catalog), fidelity_(fidelity), store_(store) {}

  // Elaborates the set's chip, unless an earlier set has.
  void add(const ValidationSet& set);

  // What the model says for one row, in the set's quantity. Throws what the simulator throws.
  double predict(const ValidationSet& set, const std::vector<config::Assignment>& keys) {
    return predict(set, keys, fidelity_);
  }
  // At `fast`, of a kernel; nothing for collectives, and if `fast` is the fidelity.
  std::optional<double> fast(const ValidationSet& set, const std::vector<config::Assignment>& keys);

 private:
  struct Subject {
    std::optional<System> system;
    std::int64_t ranks_per_package = 1;
    Simulator* simulator = nullptr;
  };
  double predict(const ValidationSet& set, const std::vector<config::Assignment>& keys,
                 Fidelity fidelity);
  Simulator& simulator(Chip chip, const ValidationSet& set);

  const config::Catalog& catalog_;
  Fidelity fidelity_;
  kernels::Store& store_;
  std::deque<Simulator> simulators_;
  using Stack = std::tuple<std::string, double, std::string, bool>;  // chip, clock, software, alone
  std::map<Stack, Simulator*> by_stack_;
  std::map<std::string, Subject> by_set_;
};

}  // namespace reticle::study
