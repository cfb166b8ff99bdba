#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/trace/types.h"

namespace reticle::trace {

// A chunk whose columns do not fit together; the reader adds file and place and makes it
// InputError.
class BadChunk : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

void require(bool condition, const char* what);

// A stored time. Throws BadChunk beyond 2^63 - 1.
std::int64_t time_ps(std::uint64_t stored);

// Sizes of the tables a chunk may refer to.
struct TableSizes {
  std::size_t strings = 0;
  std::size_t tracks = 0;
  std::size_t counters = 0;
};

// Columns as plain arrays, every id checked. Throw BadChunk.
SliceBlock decode(const rtrace::Slices& chunk, const TableSizes& tables);
SampleBlock decode(const rtrace::Samples& chunk, const TableSizes& tables);
std::vector<Flow> decode(const rtrace::Flows& chunk, const TableSizes& tables);

}  // namespace reticle::trace
