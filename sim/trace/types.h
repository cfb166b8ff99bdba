#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "schema/trace.pb.h"

namespace reticle::trace {

using rtrace::ChunkKind;
using rtrace::TrackKind;

// Ids count from 1 in order of definition; 0 means none (string 0 is the empty string).
struct StringId {
  std::uint32_t value = 0;
};
struct TrackId {
  std::uint32_t value = 0;
};
struct CounterId {
  std::uint32_t value = 0;
};

constexpr TrackId kNoTrack{};

// One argument of a slice. The key's name says the unit (hbm_bytes, energy_j).
struct Arg {
  StringId key;
  std::variant<std::int64_t, double, StringId> value;
};
using Args = std::vector<Arg>;

// A recorded slice: number `ordinal` (from 0) of its lane (track, depth).
struct SliceRef {
  TrackId track;
  std::uint32_t depth = 0;
  std::uint64_t ordinal = 0;
  std::int64_t start_ps = 0;
  std::int64_t duration_ps = 0;

  std::int64_t end_ps() const { return start_ps + duration_ps; }
};

struct FlowEnd {
  TrackId track;
  std::uint32_t depth = 0;
  std::uint64_t ordinal = 0;
  std::int64_t time_ps = 0;
};

struct Flow {
  StringId name;
  FlowEnd from;
  FlowEnd to;
};

// Rows [begin, end) of a block are the slices first, first + 1, ... of lane (track, depth).
struct LaneRows {
  TrackId track;
  std::uint32_t depth = 0;
  std::uint64_t first = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};

// values[i] belongs to row rows[i]; rows ascend.
struct ArgColumn {
  StringId key;
  std::vector<std::uint32_t> rows;
  std::variant<std::vector<std::int64_t>, std::vector<double>, std::vector<StringId>> values;
};

// A chunk of slices as columns, one entry a row.
struct SliceBlock {
  std::vector<LaneRows> lanes;
  std::vector<std::int64_t> start_ps;
  std::vector<std::int64_t> duration_ps;
  std::vector<StringId> name;
  std::vector<ArgColumn> args;
};

struct CounterRows {
  CounterId counter;
  std::size_t begin = 0;
  std::size_t end = 0;
};

// A chunk of counter samples; a value holds until the counter's next sample.
struct SampleBlock {
  std::vector<CounterRows> counters;
  std::vector<std::int64_t> time_ps;
  std::vector<double> value;
};

}  // namespace reticle::trace
