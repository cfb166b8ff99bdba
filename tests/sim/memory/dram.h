#pragma once

#include "sim/memory/dram_spec.h"

namespace reticle::test {

// A channel with a timing of its own for every constraint, so that each can be told from the
// others.
inline memory::DramSpec dram() {
  memory::DramSpec spec;
  spec.bank_groups = 4;
  spec.banks_per_group = 4;
  spec.burst_bytes = 32;
  spec.page_bytes = 1024;
  spec.burst = 1500;
  spec.tCCD_S = 1500;
  spec.tCCD_L = 3000;
  spec.tRCDRD = 19000;
  spec.tRCDWR = 9000;
  spec.tRP = 16000;
  spec.tRAS = 28000;
  spec.tRRD_S = 2500;
  spec.tRRD_L = 3100;
  spec.tFAW = 15000;
  spec.tRTP = 5600;
  spec.tWR = 20600;
  spec.tWTR_S = 4400;
  spec.tWTR_L = 6200;
  spec.tRTW = 12500;
  spec.RL = 12400;
  spec.WL = 6300;
  spec.tREFI = 3900000;
  spec.tRFC = 350000;
  spec.tRFCpb = 200000;
  spec.per_bank_refresh = true;
  spec.queue = 64;
  return spec;
}

}  // namespace reticle::test
