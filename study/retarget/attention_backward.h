#pragma once

#include <cstdint>
#include <optional>

#include "schema/chip.pb.h"
#include "workloads/traces/recognise.h"

namespace reticle::study {

// Time of FlashAttention-3's backward core on `sms` SMs at a clock; nothing for other kernels and
// for chips without wgmma. Two warpgroups go through blocks of queries for a block of keys. They
// meet twice a block, as each needs the other's dS for its half of dQ, so that they keep step and
// their five products wait for what lies between: exp2, dS, its way through shared memory, dQ's way
// out. Products take the longer of multiply-adds and shared memory, as in every wgmma kernel.
std::optional<std::int64_t> attention_backward_ps(const traces::RecognisedKernel& kernel,
                                                  const Chip& chip, std::int64_t sms,
                                                  double clock_hz);

}  // namespace reticle::study
