#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "sim/memory/dram_spec.h"

namespace reticle::memory {

// Steady-state service of a channel by access pattern, simulated at bank level when first asked for
// and kept.
class DramService {
 public:
  explicit DramService(const DramSpec& spec) : spec_(spec) {}

  // B/s of a channel that is never idle, for requests of `run` contiguous bytes at scattered
  // addresses of which `write_share` (0 to 1) are written. The run counts as the next power of two,
  // at most two pages; the share in eighths.
  double bandwidth(std::uint32_t run, double write_share);

  const DramSpec& spec() const { return spec_; }

 private:
  DramSpec spec_;
  std::map<std::pair<std::uint32_t, int>, double> known_;
};

}  // namespace reticle::memory
