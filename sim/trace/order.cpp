#include "sim/trace/order.h"

#include "sim/trace/chunk_decode.h"

namespace reticle::trace {
namespace {

std::uint64_t lane_key(const LaneRows& rows) {
  return (std::uint64_t{rows.track.value} << 32) | rows.depth;
}

}  // namespace

void Order::check(const SliceBlock& block) {
  for (const LaneRows& rows : block.lanes) {
    Lane& lane = lanes_[lane_key(rows)];
    require(rows.first == lane.next, "slices of a lane are not numbered in order");
    if (rows.begin == rows.end) {
      continue;
    }
    require(block.start_ps[rows.begin] >= lane.end_ps, "slices of a lane overlap");
    lane.next += rows.end - rows.begin;
    lane.end_ps = block.start_ps[rows.end - 1] + block.duration_ps[rows.end - 1];
  }
}

void Order::check(const SampleBlock& block) {
  for (const CounterRows& rows : block.counters) {
    auto last = counters_.try_emplace(rows.counter.value, -1).first;
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
      require(block.time_ps[row] > last->second, "times of a counter do not increase");
      last->second = block.time_ps[row];
    }
  }
}

}  // namespace reticle::trace
