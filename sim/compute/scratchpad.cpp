#include "sim/compute/scratchpad.h"

#include <stdexcept>

namespace reticle::compute {

void Scratchpad::reserve(double bytes) {
  if (!fits(bytes)) {
    throw std::logic_error(name_ + ": " + std::to_string(bytes) + " B do not fit beside " +
                           std::to_string(used_) + " of " + std::to_string(capacity_) + " B");
  }
  used_ += bytes;
}

}  // namespace reticle::compute
