#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "sim/trace/totals.h"
#include "sim/trace/types.h"

namespace reticle::trace {

// Slices waiting to become a chunk, in order of recording.
class SliceBuffer {
 public:
  // Keys of `args` differ from each other.
  void append(const SliceRef& slice, StringId name, const Args& args);

  std::size_t size() const { return rows_.size(); }
  std::size_t arg_count() const { return arg_count_; }
  const Span& span() const { return span_; }

  // The chunk, rows grouped by lane; the buffer is empty afterwards.
  rtrace::Slices take();

 private:
  struct Row {
    SliceRef slice;
    StringId name;
  };
  struct ArgValues {
    std::vector<std::uint32_t> rows;  // in order of recording
    std::vector<decltype(Arg::value)> values;
  };
  using ArgKey = std::pair<std::uint32_t, std::size_t>;  // key, type

  std::vector<std::uint32_t> rows_by_lane() const;
  void encode_rows(const std::vector<std::uint32_t>& order, rtrace::Slices& out) const;
  void encode_args(const std::vector<std::uint32_t>& order, rtrace::Slices& out) const;

  std::vector<Row> rows_;
  std::map<ArgKey, ArgValues> args_;
  std::size_t arg_count_ = 0;
  Span span_;
};

}  // namespace reticle::trace
