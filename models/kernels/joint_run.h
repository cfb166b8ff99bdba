#pragma once

#include <vector>

#include "models/chips/machine.h"
#include "models/kernels/mapping.h"
#include "schema/kernel.pb.h"

namespace reticle::kernels {

// A kernel on a part of the chip's cores, as a tile program of its own.
struct PlacedProgram {
  compute::TileProgram program;
  Cores cores;
};

// Programs of kernels that start together, each on the cores after those of the one before, tile by
// tile before one memory: when each ends. What chips::run_streams() says of their demand vectors is
// measured against this.
std::vector<engine::Ps> joint_run(chips::Machine& machine, const Chip& chip,
                                  const std::vector<PlacedProgram>& kernels);

}  // namespace reticle::kernels
