#pragma once

#include <cstdint>
#include <vector>

#include "sim/trace/types.h"

namespace reticle::trace {

struct TrackTotals {
  std::uint64_t slices = 0;   // of all depths
  std::uint64_t busy_ps = 0;  // sum of the durations at depth 0, which do not overlap
  std::int64_t first_ps = 0;  // start of the first slice
  std::int64_t last_ps = 0;   // end of the last
  std::uint32_t depths = 0;   // deepest + 1
};

struct CounterTotals {
  std::uint64_t samples = 0;
  std::int64_t first_ps = 0;
  std::int64_t last_ps = 0;
  double min = 0;
  double max = 0;
  double last_value = 0;
  double integral = 0;  // value times seconds, from the first to the last sample
};

// Time covered by a chunk or a file; empty until something is added.
struct Span {
  std::int64_t first_ps = 0;
  std::int64_t last_ps = 0;
  bool empty = true;

  void add(std::int64_t from_ps, std::int64_t to_ps);
};

// What the index says about a file: counted while writing, or again when an index is lost.
struct Totals {
  std::vector<TrackTotals> tracks;      // entry i: track i + 1
  std::vector<CounterTotals> counters;  // entry i: counter i + 1
  std::uint64_t slices = 0;
  std::uint64_t samples = 0;
  std::uint64_t flows = 0;
  Span span;

  void add_slice(TrackId track, std::uint32_t depth, std::int64_t start_ps,
                 std::int64_t duration_ps);
  void add_sample(CounterId counter, std::int64_t time_ps, double value);
  void add_flow(const Flow& flow);

  void add(const SliceBlock& block);
  void add(const SampleBlock& block);
};

// To and from the index. from_index throws BadChunk if columns differ in length.
void to_index(const Totals& totals, rtrace::Index& index);
Totals from_index(const rtrace::Index& index);

}  // namespace reticle::trace
