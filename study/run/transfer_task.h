#pragma once

#include <vector>

#include "models/chips/streams.h"
#include "models/systems/network.h"
#include "schema/chip.pb.h"
#include "schema/kernel.pb.h"

namespace reticle::study {

// What tasks of different streams share on a chip. The cores come first: two kernels that both want
// all of them take turns, and what held each back is then what binds the kernel itself.
enum Shared : std::size_t { kCores, kL2, kHbm, kLink };
const std::vector<Resource>& shared_kinds();

// Time, bound and demands of a transfer: it reads what it sends from HBM, writes what it receives
// there, and takes the SMs of its kernel. Cores that send and receive (`device`) take their time
// beyond the network's. `received_bytes` is payload.
void add_transfer(chips::StreamTask& task, const Chip& chip, const systems::NetworkCost& cost,
                  const DemandVector& device, double received_bytes);

// The same for a kernel on `share` of the chip's cores.
void add_kernel(chips::StreamTask& task, const DemandVector& demand, double share);

}  // namespace reticle::study
