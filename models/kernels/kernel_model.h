#pragma once

#include <string>

#include "models/chips/machine.h"
#include "models/kernels/work.h"
#include "schema/kernel.pb.h"

namespace reticle::kernels {

// Simulates kernels on one elaborated chip at `cycle` fidelity. Make one for every chip before the
// first run: SystemC elaborates once a process.
class KernelModel {
 public:
  // `name` only labels SystemC modules; chip and its software are what keys must carry.
  KernelModel(const std::string& name, const Chip& chip);

  // The key's result: a pure function of it. Throws UsageError for operators or types the chip
  // cannot run and for more cores than it has, std::logic_error for a key of another chip.
  DemandVector run(const KernelKey& key);

  const Chip& chip() const { return chip_; }

 private:
  DemandVector run_one(const Work& work, const KernelKey& key);

  Chip chip_;  // stripped, as in the key
  chips::Machine machine_;
};

}  // namespace reticle::kernels
