#include "gui/model/ranks.h"

#include <algorithm>
#include <map>
#include <optional>

namespace reticle::gui {
namespace {

constexpr double kSecondsPerPs = 1e-12;

// Ranks in the file's order, and which one each track belongs to.
class Ranks {
 public:
  explicit Ranks(const trace::Summary& summary) : rank_of_(summary.tracks.size() + 1) {
    for (std::uint32_t i = 1; i <= summary.tracks.size(); ++i) {
      const trace::Track& track = summary.track({i});
      if (track.kind == rtrace::TRACK_KIND_RANK) {
        rank_of_[i] = names.size();
        names.push_back(track.name);
      } else if (track.parent.value != 0) {
        rank_of_[i] = rank_of_[track.parent.value];  // parents come first
      }
    }
  }
  std::optional<std::size_t> of(trace::TrackId track) const { return rank_of_[track.value]; }

  std::vector<std::string> names;

 private:
  std::vector<std::optional<std::size_t>> rank_of_;
};

std::vector<double> column_of(const RankMatrix& matrix, std::size_t column) {
  std::vector<double> out;
  for (const auto& row : matrix.values) {
    out.push_back(row[column]);
  }
  return out;
}

}  // namespace

double RankMatrix::mean(std::size_t column) const {
  double sum = 0;
  for (const double value : column_of(*this, column)) {
    sum += value;
  }
  return sum / static_cast<double>(ranks.size());
}

double RankMatrix::greatest(std::size_t column) const {
  const std::vector<double> all = column_of(*this, column);
  return *std::max_element(all.begin(), all.end());
}

double RankMatrix::imbalance(std::size_t column) const {
  const double average = mean(column);
  return average > 0 ? greatest(column) / average : 1;
}

RankMatrix rank_times(const Contents& contents, const TimeRange& range) {
  const Ranks ranks(contents.summary);
  std::map<std::uint32_t, std::vector<double>> sums;  // by name: by rank
  for (std::size_t at = 0; at < contents.data.lanes.size(); ++at) {
    const auto rank = ranks.of(contents.index.track(at));
    if (!rank || contents.index.depth(at) > 0) {
      continue;
    }
    const Lane& lane = contents.data.lanes[at];
    for (std::size_t i = lane.first_after(range.from_ps);
         i < lane.size() && lane.start_ps(i) < range.to_ps; ++i) {
      std::vector<double>& sum =
          sums.try_emplace(lane.name(i), std::vector<double>(ranks.names.size())).first->second;
      sum[*rank] += static_cast<double>(std::min(lane.end_ps(i), range.to_ps) -
                                        std::max(lane.start_ps(i), range.from_ps)) *
                    kSecondsPerPs;
    }
  }
  std::vector<std::pair<double, std::uint32_t>> order;
  for (const auto& [name, sum] : sums) {
    double total = 0;
    for (const double part : sum) {
      total += part;
    }
    order.emplace_back(-total, name);
  }
  std::sort(order.begin(), order.end());
  order.resize(std::min(order.size(), kMostRankColumns));
  RankMatrix out;
  out.unit = "s";
  out.ranks = ranks.names;
  out.values.resize(ranks.names.size());
  for (const auto& [total, name] : order) {
    out.columns.push_back(contents.summary.strings.at(name));
    for (std::size_t r = 0; r < out.ranks.size(); ++r) {
      out.values[r].push_back(sums[name][r]);
    }
  }
  return out;
}

RankMatrix expert_loads(const Contents& contents, const TimeRange& range) {
  const Ranks ranks(contents.summary);
  RankMatrix out;
  out.unit = "tokens";
  std::vector<std::vector<double>> loads(ranks.names.size());
  std::size_t widest = 0;
  for (std::size_t i = 0; i < contents.summary.counters.size(); ++i) {
    const trace::Counter& counter = contents.summary.counters[i];
    const auto rank = counter.track.value == 0 ? std::nullopt : ranks.of(counter.track);
    if (counter.unit == "tokens" && rank) {
      const Extent extent = contents.data.series[i].extent(range);
      loads[*rank].push_back(extent.empty ? 0 : extent.mean);
      widest = std::max(widest, loads[*rank].size());
    }
  }
  for (std::size_t r = 0; r < loads.size() && widest > 0; ++r) {
    if (!loads[r].empty()) {
      loads[r].resize(widest);
      out.ranks.push_back(ranks.names[r]);
      out.values.push_back(loads[r]);
    }
  }
  for (std::size_t i = 0; i < widest; ++i) {
    out.columns.push_back("expert slot " + std::to_string(i));
  }
  return out;
}

}  // namespace reticle::gui
