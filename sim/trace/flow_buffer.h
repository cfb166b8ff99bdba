#pragma once

#include <cstdint>

#include "sim/trace/totals.h"
#include "sim/trace/types.h"

namespace reticle::trace {

// Flows waiting to become a chunk, in order of recording.
class FlowBuffer {
 public:
  void append(const Flow& flow);

  std::size_t size() const { return static_cast<std::size_t>(chunk_.name_size()); }
  const Span& span() const { return span_; }

  rtrace::Flows take();

 private:
  rtrace::Flows chunk_;
  std::int64_t last_ps_ = 0;
  Span span_;
};

}  // namespace reticle::trace
