#pragma once

#include <cstdint>
#include <string>

#include "models/systems/machine.h"
#include "models/systems/network.h"
#include "schema/operator.pb.h"
#include "schema/software.pb.h"
#include "schema/system.pb.h"

namespace reticle::systems {

// Time the cores of a rank work for a collective (quantise, scatter, sum), from the tile level; it
// does not overlap the network.
struct CoreWork {
  std::int64_t time_ps = 0;
  std::string bound_by = "vector";
};

struct CollectiveEstimate {
  double time_us = 0;
  double algbw_gb_per_s = 0;  // op's bytes / time; MoE: rows with scales / time, as DeepEP prints
  double busbw_gb_per_s = 0;  // algbw x nccl-tests' factor; MoE: bytes that leave the rank / time
  std::string bound_by;       // link, latency, sync, or the core work's
  std::string algorithm;      // push, ring, ring/ll128, ...
  NetworkCost network;
  double alg_bytes = 0;  // what the two bandwidths count
  double bus_bytes = 0;
};

// The same with `work` done by the cores, before or after the network's part.
CollectiveEstimate with_core_work(CollectiveEstimate estimate, const CoreWork& work);

// One collective with every rank of it starting at once, on devices of `device_sms` SMs (0: the
// transfer's kernel takes none). UsageError: ranks that do not fit the system or the placement.
CollectiveEstimate collective(const System& system, std::int64_t ranks_per_package,
                              const Software& software, const CollectiveOperator& op,
                              const CoreWork& core_work = {}, std::int64_t device_sms = 0);

}  // namespace reticle::systems
