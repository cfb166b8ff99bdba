#pragma once

#include <array>
#include <map>

#include "schema/kernel.pb.h"
#include "sim/compute/tile_program.h"
#include "sim/engine/time.h"

namespace reticle::compute {

// What a core did in a run.
struct Activity {
  std::map<Resource, engine::Cycles> busy;  // cycles each resource was occupied
  std::map<Resource, double> operations;    // by the resource that did them
  double local_bytes = 0;
  engine::Ps end = 0;        // of the last instruction
  engine::Ps port_busy = 0;  // bytes over the port's bandwidth; the busier of loads and stores
};

// What instructions occupy and do, added up.
class Tally {
 public:
  void add(const Instruction& instruction);
  // Without `end` and `port_busy`.
  Activity activity() const;

 private:
  std::array<engine::Cycles, Resource_ARRAYSIZE> busy_{};
  std::array<double, Resource_ARRAYSIZE> operations_{};
  double local_bytes_ = 0;
};

}  // namespace reticle::compute
