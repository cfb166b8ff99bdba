#include "sim/trace/slice_buffer.h"

#include <algorithm>
#include <numeric>

namespace reticle::trace {
namespace {

bool same_lane(const SliceRef& a, const SliceRef& b) {
  return a.track.value == b.track.value && a.depth == b.depth;
}

bool lane_before(const SliceRef& a, const SliceRef& b) {
  return a.track.value != b.track.value ? a.track.value < b.track.value : a.depth < b.depth;
}

struct AddValue {
  rtrace::ArgColumn& column;
  void operator()(std::int64_t value) const { column.add_int_value(value); }
  void operator()(double value) const { column.add_double_value(value); }
  void operator()(StringId value) const { column.add_string_value(value.value); }
};

}  // namespace

void SliceBuffer::append(const SliceRef& slice, StringId name, const Args& args) {
  const auto row = static_cast<std::uint32_t>(rows_.size());
  rows_.push_back({slice, name});
  for (const Arg& arg : args) {
    ArgValues& column = args_[{arg.key.value, arg.value.index()}];
    column.rows.push_back(row);
    column.values.push_back(arg.value);
  }
  arg_count_ += args.size();
  span_.add(slice.start_ps, slice.end_ps());
}

rtrace::Slices SliceBuffer::take() {
  rtrace::Slices out;
  const std::vector<std::uint32_t> order = rows_by_lane();
  encode_rows(order, out);
  encode_args(order, out);
  rows_.clear();
  args_.clear();
  arg_count_ = 0;
  span_ = {};
  return out;
}

// Recording order is the order of time within a lane, so a stable sort keeps it.
std::vector<std::uint32_t> SliceBuffer::rows_by_lane() const {
  std::vector<std::uint32_t> order(rows_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return lane_before(rows_[a].slice, rows_[b].slice);
  });
  return order;
}

void SliceBuffer::encode_rows(const std::vector<std::uint32_t>& order, rtrace::Slices& out) const {
  out.set_base_ps(static_cast<std::uint64_t>(span_.first_ps));
  const SliceRef* previous = nullptr;
  for (std::uint32_t index : order) {
    const SliceRef& slice = rows_[index].slice;
    const bool continues = previous != nullptr && same_lane(*previous, slice);
    if (!continues) {
      out.add_lane_track(slice.track.value);
      out.add_lane_depth(slice.depth);
      out.add_lane_first(slice.ordinal);
      out.add_lane_rows(0);
    }
    const int lane = out.lane_rows_size() - 1;
    out.set_lane_rows(lane, out.lane_rows(lane) + 1);
    const std::int64_t from = continues ? previous->end_ps() : span_.first_ps;
    out.add_gap_ps(static_cast<std::uint64_t>(slice.start_ps - from));
    out.add_duration_ps(static_cast<std::uint64_t>(slice.duration_ps));
    out.add_name(rows_[index].name.value);
    previous = &slice;
  }
}

void SliceBuffer::encode_args(const std::vector<std::uint32_t>& order, rtrace::Slices& out) const {
  std::vector<std::uint32_t> place(order.size());  // row of the chunk, by order of recording
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    place[order[i]] = i;
  }
  for (const auto& [key, column] : args_) {
    std::vector<std::pair<std::uint32_t, std::size_t>> cells;  // row, index of its value
    for (std::size_t i = 0; i < column.rows.size(); ++i) {
      cells.emplace_back(place[column.rows[i]], i);
    }
    std::sort(cells.begin(), cells.end());
    rtrace::ArgColumn& encoded = *out.add_args();
    encoded.set_key(key.first);
    std::uint32_t row = 0;
    for (const auto& [at, value] : cells) {
      if (cells.size() < order.size()) {
        encoded.add_row(at - row);
        row = at;
      }
      std::visit(AddValue{encoded}, column.values[value]);
    }
  }
}

}  // namespace reticle::trace
