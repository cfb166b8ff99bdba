#pragma once

#include <vector>

#include "gui/model/trace_data.h"

namespace reticle::gui {

// Which flows leave and reach a slice. Flows between slices that are not there are left out.
class FlowIndex {
 public:
  struct Link {
    SliceKey from;
    SliceKey to;
  };

  FlowIndex() = default;
  FlowIndex(const TraceData& data, const LaneIndex& lanes);

  std::vector<Link> from(const SliceKey& slice) const;
  std::vector<Link> to(const SliceKey& slice) const;
  std::size_t dangling() const { return dangling_; }

 private:
  std::vector<Link> by_from_;
  std::vector<Link> by_to_;
  std::size_t dangling_ = 0;
};

}  // namespace reticle::gui
