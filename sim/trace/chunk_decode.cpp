#include "sim/trace/chunk_decode.h"

#include <limits>

#include "sim/trace/format.h"

namespace reticle::trace {
namespace {

constexpr std::uint64_t kMaxTime = std::numeric_limits<std::int64_t>::max();

std::int64_t later(std::int64_t time, std::uint64_t by) {
  require(by <= kMaxTime - static_cast<std::uint64_t>(time), "time beyond 2^63 - 1 ps");
  return time + static_cast<std::int64_t>(by);
}

std::int64_t moved(std::int64_t time, std::int64_t by) {
  std::int64_t sum = 0;
  require(!__builtin_add_overflow(time, by, &sum) && sum >= 0, "time out of range");
  return sum;
}

StringId string_id(std::uint32_t id, const TableSizes& tables) {
  require(id <= tables.strings, "string that is not in the table");
  return {id};
}

TrackId track_id(std::uint32_t id, const TableSizes& tables) {
  require(id >= 1 && id <= tables.tracks, "track that is not in the table");
  return {id};
}

std::uint32_t depth(std::uint32_t value) {
  require(value < kMaxDepth, "depth out of range");
  return value;
}

std::vector<LaneRows> lanes(const rtrace::Slices& chunk, const TableSizes& tables) {
  const int n = chunk.lane_track_size();
  require(
      chunk.lane_depth_size() == n && chunk.lane_first_size() == n && chunk.lane_rows_size() == n,
      "lane columns differ in length");
  std::vector<LaneRows> out;
  std::size_t row = 0;
  for (int i = 0; i < n; ++i) {
    const std::size_t end = row + chunk.lane_rows(i);
    out.push_back({track_id(chunk.lane_track(i), tables), depth(chunk.lane_depth(i)),
                   chunk.lane_first(i), row, end});
    row = end;
  }
  require(row == static_cast<std::size_t>(chunk.gap_ps_size()), "lanes and rows differ in number");
  return out;
}

std::vector<std::uint32_t> arg_rows(const rtrace::ArgColumn& column, int values, std::size_t rows) {
  std::vector<std::uint32_t> out;
  std::uint64_t row = 0;
  const bool all = column.row_size() == 0;
  require(values == (all ? static_cast<int>(rows) : column.row_size()),
          "argument rows and values differ in number");
  for (int i = 0; i < values; ++i) {
    if (all) {
      row = static_cast<std::uint64_t>(i);
    } else {
      require(i == 0 || column.row(i) > 0, "argument rows do not ascend");
      row += column.row(i);
    }
    require(row < rows, "argument of a row that does not exist");
    out.push_back(static_cast<std::uint32_t>(row));
  }
  return out;
}

ArgColumn arg_column(const rtrace::ArgColumn& in, std::size_t rows, const TableSizes& tables) {
  ArgColumn out;
  out.key = string_id(in.key(), tables);
  const int ints = in.int_value_size();
  const int doubles = in.double_value_size();
  const int strings = in.string_value_size();
  require((ints > 0) + (doubles > 0) + (strings > 0) == 1, "argument column without one type");
  out.rows = arg_rows(in, ints + doubles + strings, rows);
  if (ints > 0) {
    out.values = std::vector<std::int64_t>(in.int_value().begin(), in.int_value().end());
  } else if (doubles > 0) {
    out.values = std::vector<double>(in.double_value().begin(), in.double_value().end());
  } else {
    std::vector<StringId> ids;
    for (std::uint32_t id : in.string_value()) {
      ids.push_back(string_id(id, tables));
    }
    out.values = std::move(ids);
  }
  return out;
}

}  // namespace

void require(bool condition, const char* what) {
  if (!condition) {
    throw BadChunk(what);
  }
}

std::int64_t time_ps(std::uint64_t stored) { return later(0, stored); }

SliceBlock decode(const rtrace::Slices& chunk, const TableSizes& tables) {
  const int rows = chunk.gap_ps_size();
  require(chunk.duration_ps_size() == rows && chunk.name_size() == rows,
          "slice columns differ in length");
  SliceBlock block;
  block.lanes = lanes(chunk, tables);
  for (const LaneRows& lane : block.lanes) {
    std::int64_t time = time_ps(chunk.base_ps());
    for (std::size_t row = lane.begin; row < lane.end; ++row) {
      const int i = static_cast<int>(row);
      time = later(time, chunk.gap_ps(i));
      block.start_ps.push_back(time);
      time = later(time, chunk.duration_ps(i));
      block.duration_ps.push_back(time - block.start_ps.back());
      block.name.push_back(string_id(chunk.name(i), tables));
    }
  }
  for (const rtrace::ArgColumn& column : chunk.args()) {
    block.args.push_back(arg_column(column, static_cast<std::size_t>(rows), tables));
  }
  return block;
}

SampleBlock decode(const rtrace::Samples& chunk, const TableSizes& tables) {
  require(chunk.rows_size() == chunk.counter_size(), "counter columns differ in length");
  require(chunk.gap_ps_size() == chunk.value_size(), "sample columns differ in length");
  SampleBlock block;
  std::size_t row = 0;
  for (int i = 0; i < chunk.counter_size(); ++i) {
    require(chunk.counter(i) >= 1 && chunk.counter(i) <= tables.counters,
            "counter that is not in the table");
    const std::size_t end = row + chunk.rows(i);
    require(end <= static_cast<std::size_t>(chunk.value_size()), "more samples than values");
    block.counters.push_back({{chunk.counter(i)}, row, end});
    std::int64_t time = time_ps(chunk.base_ps());
    for (; row < end; ++row) {
      const int at = static_cast<int>(row);
      time = later(time, chunk.gap_ps(at));
      block.time_ps.push_back(time);
      block.value.push_back(chunk.value(at));
    }
  }
  require(row == static_cast<std::size_t>(chunk.value_size()), "more values than samples");
  return block;
}

std::vector<Flow> decode(const rtrace::Flows& chunk, const TableSizes& tables) {
  const int n = chunk.name_size();
  require(chunk.from_track_size() == n && chunk.from_depth_size() == n &&
              chunk.from_slice_size() == n && chunk.from_ps_size() == n &&
              chunk.to_track_size() == n && chunk.to_depth_size() == n &&
              chunk.to_slice_size() == n && chunk.to_ps_size() == n,
          "flow columns differ in length");
  std::vector<Flow> out;
  std::int64_t time = 0;
  for (int i = 0; i < n; ++i) {
    time = moved(time, chunk.from_ps(i));
    const FlowEnd from{track_id(chunk.from_track(i), tables), depth(chunk.from_depth(i)),
                       chunk.from_slice(i), time};
    const FlowEnd to{track_id(chunk.to_track(i), tables), depth(chunk.to_depth(i)),
                     chunk.to_slice(i), moved(time, chunk.to_ps(i))};
    out.push_back({string_id(chunk.name(i), tables), from, to});
  }
  return out;
}

}  // namespace reticle::trace
