#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/chip.pb.h"
#include "schema/kernel.pb.h"
#include "schema/operator.pb.h"

namespace reticle::kernels::davinci {

// What vector cores do in CANN's MoeDistributeDispatch (as of CloudMatrix384, 2025-06) and
// MoeDistributeCombine (ops-transformer, 2025-09), where every core writes rows straight into the
// receivers' windows. A core takes its rows one after the other: its scalar unit waits for a queue
// several times a row (set_flag, wait_flag), so little overlaps inside a core, and times add up.
struct DevicePhase {
  std::string name;
  std::int64_t ps = 0;
};

struct DeviceWork {
  std::vector<DevicePhase> phases;  // one after the other; `send` is what the wire leaves uncovered
  DemandVector demand;              // energy and bytes; the time is that of all phases
  std::int64_t time_ps() const;
};

// Where it runs and what the network takes for the same rows.
struct DeviceSite {
  const Chip& chip;
  double clock_hz = 0;
  std::int64_t vector_cores = 0;
  std::int64_t wire_ps = 0;    // all rows through the rank's ports; sending hides behind it
  std::int64_t flight_ps = 0;  // a write until the receiver's memory acknowledges it
  double expert_rows = 1;      // rows that the rank's experts get, over the mean rank's
};

// Dispatch: a core counts the rows of every expert, one after the other; for each of its rows it
// loads the token, quantises it (again for every destination) and writes it, two rows under way;
// then counts and flags go to every expert; then cores poll their flags, sum the counts of all, and
// copy rows out of the window into one list by expert.
DeviceWork dispatch_work(const DeviceSite& site, const MoeTransfer& op);

// Combine: a core loads a row and writes it back to the token's window, data before flag; then,
// token by token, polls the flags and sums the rows by weight.
DeviceWork combine_work(const DeviceSite& site, const MoeTransfer& op);

}  // namespace reticle::kernels::davinci
