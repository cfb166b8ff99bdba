#include "gui/model/flow_index.h"

#include <algorithm>
#include <tuple>

namespace reticle::gui {
namespace {

bool before(const SliceKey& a, const SliceKey& b) {
  return std::tie(a.lane, a.slice) < std::tie(b.lane, b.slice);
}

template <SliceKey FlowIndex::Link::*End>
std::vector<FlowIndex::Link> equal(const std::vector<FlowIndex::Link>& links,
                                   const SliceKey& slice) {
  const auto first = std::lower_bound(
      links.begin(), links.end(), slice,
      [](const FlowIndex::Link& link, const SliceKey& key) { return before(link.*End, key); });
  auto last = first;
  while (last != links.end() && (*last).*End == slice) {
    ++last;
  }
  return {first, last};
}

template <SliceKey FlowIndex::Link::*End>
void sort(std::vector<FlowIndex::Link>& links) {
  std::stable_sort(
      links.begin(), links.end(),
      [](const FlowIndex::Link& a, const FlowIndex::Link& b) { return before(a.*End, b.*End); });
}

}  // namespace

FlowIndex::FlowIndex(const TraceData& data, const LaneIndex& lanes) {
  const auto key_of = [&](const trace::FlowEnd& end) {
    return SliceKey{lanes.lane(end.track, end.depth), static_cast<std::size_t>(end.ordinal)};
  };
  const auto exists = [&](const SliceKey& key) {
    return key.lane < data.lanes.size() && key.slice < data.lanes[key.lane].size();
  };
  for (const trace::Flow& flow : data.flows) {
    const Link link{key_of(flow.from), key_of(flow.to)};
    if (exists(link.from) && exists(link.to)) {
      by_from_.push_back(link);
    } else {
      ++dangling_;
    }
  }
  by_to_ = by_from_;
  sort<&Link::from>(by_from_);
  sort<&Link::to>(by_to_);
}

std::vector<FlowIndex::Link> FlowIndex::from(const SliceKey& slice) const {
  return equal<&Link::from>(by_from_, slice);
}

std::vector<FlowIndex::Link> FlowIndex::to(const SliceKey& slice) const {
  return equal<&Link::to>(by_to_, slice);
}

}  // namespace reticle::gui
