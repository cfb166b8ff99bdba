#include "gui/model/bottlenecks.h"

#include <algorithm>

namespace reticle::gui {
namespace {

constexpr std::size_t kMostStreams = 64;

// The parts of gaps within a range, by reason.
std::vector<std::int64_t> idle_within(const std::vector<Gap>& gaps, const TimeRange& range) {
  std::vector<std::int64_t> out(kWaitReasons);
  for (const Gap& gap : gaps) {
    const std::int64_t part =
        std::min(gap.range.to_ps, range.to_ps) - std::max(gap.range.from_ps, range.from_ps);
    if (part > 0) {
      out[static_cast<std::size_t>(gap.reason)] += part;
    }
  }
  return out;
}

}  // namespace

Bottlenecks bottlenecks(const Document& document, const TimeRange& range) {
  Bottlenecks out;
  out.range = range;
  out.totals = bound_totals(document.bound(), range);
  const Causes& causes = document.causes();
  for (std::size_t lane = 0; lane < causes.gaps.size() && out.streams.size() < kMostStreams;
       ++lane) {
    if (document.lanes().depth(lane) == 0 && !causes.gaps[lane].empty()) {
      out.streams.push_back({document.contents().track(lane).name,
                             document.data().lanes[lane].busy_ps(range),
                             idle_within(causes.gaps[lane], range)});
    }
  }
  return out;
}

}  // namespace reticle::gui
