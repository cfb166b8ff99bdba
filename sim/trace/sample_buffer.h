#pragma once

#include <cstdint>
#include <vector>

#include "sim/trace/totals.h"
#include "sim/trace/types.h"

namespace reticle::trace {

// Counter samples waiting to become a chunk, in order of recording.
class SampleBuffer {
 public:
  void append(CounterId counter, std::int64_t time_ps, double value);

  std::size_t size() const { return rows_.size(); }
  const Span& span() const { return span_; }

  // The chunk, rows grouped by counter; the buffer is empty afterwards.
  rtrace::Samples take();

 private:
  struct Row {
    std::uint32_t counter;
    std::int64_t time_ps;
    double value;
  };

  std::vector<Row> rows_;
  Span span_;
};

}  // namespace reticle::trace
