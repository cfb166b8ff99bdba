#include "gui/model/energy.h"

#include <algorithm>
#include <map>

#include "gui/model/slice_args.h"

namespace reticle::gui {
namespace {

constexpr double kSecondsPerPs = 1e-12;

}  // namespace

std::vector<CounterEnergy> counter_energy(const Contents& contents, const TimeRange& range) {
  std::vector<CounterEnergy> out;
  for (std::size_t i = 0; i < contents.summary.counters.size(); ++i) {
    const trace::Counter& counter = contents.summary.counters[i];
    const Series& series = contents.data.series[i];
    if (counter.unit != "W" || series.size() == 0) {
      continue;
    }
    const Extent extent = series.extent(range);
    if (!extent.empty) {
      const std::int64_t from = std::max(range.from_ps, series.time_ps(0));
      const std::int64_t to = std::min(range.to_ps, series.until_ps(series.size() - 1));
      const std::string path =
          counter.track.value == 0 ? "" : track_path(contents.summary, counter.track) + "/";
      out.push_back({path + counter.name, extent.mean, extent.max,
                     extent.mean * static_cast<double>(to - from) * kSecondsPerPs});
    }
  }
  return out;
}

std::vector<NameEnergy> name_energy(const Contents& contents, const TimeRange& range) {
  const auto key = string_id(contents.summary, "energy_j");
  std::map<std::uint32_t, NameEnergy> sums;
  for (std::size_t at = 0; key && at < contents.data.lanes.size(); ++at) {
    const Lane& lane = contents.data.lanes[at];
    for (std::size_t i = lane.first_after(range.from_ps);
         i < lane.size() && lane.start_ps(i) < range.to_ps; ++i) {
      const auto joules = number_arg(contents.data.args[at], *key, i);
      const std::int64_t part =
          std::min(lane.end_ps(i), range.to_ps) - std::max(lane.start_ps(i), range.from_ps);
      if (joules && lane.duration_ps(i) > 0) {
        NameEnergy& sum = sums[lane.name(i)];
        sum.name = lane.name(i);
        ++sum.count;
        sum.joules +=
            *joules * static_cast<double>(part) / static_cast<double>(lane.duration_ps(i));
        sum.seconds += static_cast<double>(part) * kSecondsPerPs;
      }
    }
  }
  std::vector<NameEnergy> out;
  for (const auto& [name, sum] : sums) {
    out.push_back(sum);
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.joules > b.joules; });
  return out;
}

}  // namespace reticle::gui
