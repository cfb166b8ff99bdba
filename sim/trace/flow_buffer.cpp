#include "sim/trace/flow_buffer.h"

#include <utility>

namespace reticle::trace {

void FlowBuffer::append(const Flow& flow) {
  chunk_.add_name(flow.name.value);
  chunk_.add_from_track(flow.from.track.value);
  chunk_.add_from_depth(flow.from.depth);
  chunk_.add_from_slice(flow.from.ordinal);
  chunk_.add_from_ps(flow.from.time_ps - last_ps_);
  chunk_.add_to_track(flow.to.track.value);
  chunk_.add_to_depth(flow.to.depth);
  chunk_.add_to_slice(flow.to.ordinal);
  chunk_.add_to_ps(flow.to.time_ps - flow.from.time_ps);
  last_ps_ = flow.from.time_ps;
  span_.add(flow.from.time_ps, flow.from.time_ps);
  span_.add(flow.to.time_ps, flow.to.time_ps);
}

rtrace::Flows FlowBuffer::take() {
  last_ps_ = 0;
  span_ = {};
  return std::exchange(chunk_, {});
}

}  // namespace reticle::trace
