#pragma once

#include <cstdint>

#include "models/systems/moe_transfer.h"

namespace reticle::systems {

// SMs that DeepEP's low-latency kernels launch: experts are dealt out to as few groups an SM as all
// SMs of the device allow (internode_ll.cu, recalled: num_warp_groups, num_sms).
std::int64_t low_latency_sms(std::int64_t experts, std::int64_t device_sms);

// What a rank's SMs do of a low-latency dispatch or combine, beside the links.
struct LowLatencyWork {
  std::int64_t sms = 0;       // that it runs on
  std::int64_t serve_ps = 0;  // counts, flags and polling of its experts
  std::int64_t send_ps = 0;   // tokens loaded, quantised and stored, one after the other on each SM
  std::int64_t receive_ps = 0;  // the last rows put in order or summed
  double copied_bytes = 0;      // read and written again on the way
  bool holds_sms = false;
};

// `received` rows arrive, of which those of the widest tier are handled once all have arrived, the
// others while these are under way; `last_share` is their share. Nothing if the software does not
// say what SMs do.
LowLatencyWork low_latency_work(const Transfers& transfers, const MoeTransfer& op,
                                const RowBytes& row, Direction direction, double received,
                                double last_share, std::int64_t device_sms);

// Adds the work to the network's time, and how much of the device's SMs it takes on average.
void add_low_latency(NetworkCost& cost, const LowLatencyWork& work, std::int64_t device_sms);

}  // namespace reticle::systems
