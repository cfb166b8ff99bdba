#pragma once

#include <cstdint>
#include <unordered_map>

#include "sim/trace/types.h"

namespace reticle::trace {

// Checks the order of rows from chunk to chunk, block after block in file order: per lane, slices
// are numbered without a gap and start no earlier than the one before ends; per counter, times
// strictly increase. Throws BadChunk.
class Order {
 public:
  void check(const SliceBlock& block);
  void check(const SampleBlock& block);

 private:
  struct Lane {
    std::uint64_t next = 0;
    std::int64_t end_ps = 0;
  };

  std::unordered_map<std::uint64_t, Lane> lanes_;  // track and depth
  std::unordered_map<std::uint32_t, std::int64_t> counters_;
};

}  // namespace reticle::trace
