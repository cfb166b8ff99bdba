#pragma once

#include <string>

namespace reticle::compute {

// A software-managed buffer (L1, L0A, UB, shared memory): tile programs reserve their parts at
// build time; what does not fit is refused.
class Scratchpad {
 public:
  Scratchpad(std::string name, double capacity) : name_(std::move(name)), capacity_(capacity) {}

  bool fits(double bytes) const { return used_ + bytes <= capacity_; }
  // Throws std::logic_error naming the buffer and the sums if it does not fit.
  void reserve(double bytes);
  double used() const { return used_; }
  double capacity() const { return capacity_; }

 private:
  std::string name_;
  double capacity_;
  double used_ = 0;
};

}  // namespace reticle::compute
