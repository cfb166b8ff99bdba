#pragma once

#include <cstdint>

#include "models/systems/moe_transfer.h"

namespace reticle::systems {

// What SMs and software of DeepEP's normal mode add to a rank's links.
struct NormalWork {
  double sms = 0;
  double row_seconds = 0;        // of one SM, a row handled
  std::int64_t start_ps = 0;     // launch, and the exchange of counts
  std::int64_t last_row_ps = 0;  // a combine ends when one warp has summed its last row

  std::int64_t moved_ps(double rows) const;
  double cores_share(std::int64_t device_sms) const;
};

// UsageError: a software without the mode.
NormalWork normal_work(const Transfers& transfers, const MoeTransfer& op, const RowBytes& row,
                       Direction direction, bool over_nodes);

// Most one of a rank's flows to `peers` others over a tier of its node reaches: rows lie in queues
// of chunks, which do not fill the link.
double queue_cap(const Transfers& transfers, const Tier& tier, double peers);

}  // namespace reticle::systems
