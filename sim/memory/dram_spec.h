#pragma once

#include <cstdint>

#include "sim/engine/time.h"

namespace reticle::memory {

// One pseudo-channel of HBM or channel of GDDR: banks and timing in JEDEC's names, picoseconds.
struct DramSpec {
  std::uint32_t bank_groups = 1;
  std::uint32_t banks_per_group = 1;
  std::uint32_t burst_bytes = 32;
  std::uint32_t page_bytes = 1024;
  engine::Ps burst = 0;  // data bus, one RD or WR
  engine::Ps tCCD_S = 0;
  engine::Ps tCCD_L = 0;
  engine::Ps tRCDRD = 0;
  engine::Ps tRCDWR = 0;
  engine::Ps tRP = 0;
  engine::Ps tRAS = 0;
  engine::Ps tRRD_S = 0;
  engine::Ps tRRD_L = 0;
  engine::Ps tFAW = 0;
  engine::Ps tRTP = 0;
  engine::Ps tWR = 0;
  engine::Ps tWTR_S = 0;
  engine::Ps tWTR_L = 0;
  engine::Ps tRTW = 0;
  engine::Ps RL = 0;
  engine::Ps WL = 0;
  engine::Ps tREFI = 0;
  engine::Ps tRFC = 0;
  engine::Ps tRFCpb = 0;
  bool per_bank_refresh = false;
  std::uint32_t queue = 64;  // bursts the controller may choose from, of each direction

  std::uint32_t banks() const { return bank_groups * banks_per_group; }
};

// Where a byte of a channel lies. Consecutive pages go to consecutive bank groups, so that a stream
// alternates groups (tCCD_S) and keeps as many rows open as it can.
struct DramAddress {
  std::uint32_t bank = 0;  // group = bank % bank_groups
  std::int64_t row = 0;
};

inline DramAddress dram_address(const DramSpec& spec, std::uint64_t byte) {
  const std::uint64_t page = byte / spec.page_bytes;
  return {static_cast<std::uint32_t>(page % spec.banks()),
          static_cast<std::int64_t>(page / spec.banks())};
}

}  // namespace reticle::memory
