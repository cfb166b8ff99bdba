#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "sim/compute/tile_program.h"

namespace reticle::kernels {

// Hands out a core's private flags.
class FlagCounter {
 public:
  compute::Flag next() { return next_++; }

 private:
  compute::Flag next_ = 0;
};

// A buffer of `depth` slots between a queue that fills it and one that drains it. A fill may start
// once its slot has been drained; a drain once its slot is full. A fill of several instructions
// counts each.
class Ring {
 public:
  Ring(FlagCounter& flags, std::uint32_t depth, std::uint32_t fills_per_slot)
      : full_(flags.next()), empty_(flags.next()), depth_(depth), per_slot_(fills_per_slot) {}

  // Wait of the instructions that fill the next slot; call `filled` once after all of them.
  compute::Wait may_fill() const {
    return filled_ < depth_ ? compute::Wait{} : compute::Wait{empty_, filled_ - depth_ + 1};
  }
  compute::Flag raise_full() const { return full_; }
  void filled() { ++filled_; }

  // Wait of the instruction that drains the next slot; call `drained` after the one that frees it.
  compute::Wait may_drain() const { return {full_, (drained_ + 1) * per_slot_}; }
  compute::Flag raise_empty() const { return empty_; }

  // Wait until everything filled so far has been drained.
  compute::Wait all_drained() const {
    return filled_ == 0 ? compute::Wait{} : compute::Wait{empty_, filled_};
  }
  void drained() { ++drained_; }

 private:
  compute::Flag full_;
  compute::Flag empty_;
  std::uint32_t depth_;
  std::uint32_t per_slot_;
  std::uint32_t filled_ = 0;
  std::uint32_t drained_ = 0;
};

inline std::vector<std::size_t> queue_lengths(const compute::CoreProgram& program) {
  std::vector<std::size_t> lengths;
  for (const auto& queue : program.queues) {
    lengths.push_back(queue.size());
  }
  return lengths;
}

// Splits `items` into `parts` contiguous ranges whose sizes differ by at most one.
inline std::pair<std::int64_t, std::int64_t> share(std::int64_t items, std::int64_t parts,
                                                   std::int64_t part) {
  const std::int64_t base = items / parts;
  const std::int64_t extra = items % parts;
  const std::int64_t begin = part * base + (part < extra ? part : extra);
  return {begin, begin + base + (part < extra ? 1 : 0)};
}

}  // namespace reticle::kernels
