#include "gui/model/comparison.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "workloads/traces/kernel_class.h"

namespace reticle::gui {
namespace {

bool has_streams(const Contents& contents) {
  return std::any_of(contents.summary.tracks.begin(), contents.summary.tracks.end(),
                     [](const auto& track) { return track.kind == rtrace::TRACK_KIND_STREAM; });
}

std::string class_of(const std::string& name) {
  const traces::KernelClass found = traces::kernel_class(name, traces::Category::kKernel);
  return found == traces::KernelClass::kOther ? name : traces::class_name(found);
}

// The slices of a trace that are compared, by operator, in order of time.
class Side {
 public:
  Side(const Contents& contents, CompareBy by) : contents_(contents), by_(by) {
    const bool streams = has_streams(contents);
    for (std::size_t at = 0; at < contents.data.lanes.size(); ++at) {
      if (contents.index.depth(at) == 0 &&
          (!streams || contents.track(at).kind == rtrace::TRACK_KIND_STREAM)) {
        add(at);
      }
    }
    for (auto& [name, slices] : operators) {
      std::stable_sort(slices.begin(), slices.end(),
                       [&](const SliceKey& x, const SliceKey& y) { return start(x) < start(y); });
    }
  }

  std::int64_t start(const SliceKey& key) const {
    return contents_.data.lanes[key.lane].start_ps(key.slice);
  }
  std::int64_t duration(const SliceKey& key) const {
    return contents_.data.lanes[key.lane].duration_ps(key.slice);
  }
  std::string path(const SliceKey& key) const {
    return track_path(contents_.summary, contents_.index.track(key.lane));
  }

  std::map<std::string, std::vector<SliceKey>> operators;

 private:
  void add(std::size_t at) {
    const Lane& lane = contents_.data.lanes[at];
    for (std::size_t i = 0; i < lane.size(); ++i) {
      std::vector<SliceKey>*& known = by_name_[lane.name(i)];
      if (known == nullptr) {
        const std::string& name = contents_.summary.strings.at(lane.name(i));
        known = &operators[by_ == CompareBy::kName ? name : class_of(name)];
      }
      known->push_back({at, i});
    }
  }

  const Contents& contents_;
  CompareBy by_;
  std::map<std::uint32_t, std::vector<SliceKey>*> by_name_;
};

std::map<std::string, std::vector<SliceKey>> by_path(const Side& side,
                                                     const std::vector<SliceKey>& slices) {
  std::map<std::string, std::vector<SliceKey>> out;
  for (const SliceKey& slice : slices) {
    out[side.path(slice)].push_back(slice);
  }
  return out;
}

void match_in_order(const std::vector<SliceKey>& a, const std::vector<SliceKey>& b,
                    std::vector<MatchedSlices>& out) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    out.push_back({a[i], b[i]});
  }
}

void match(const Side& side_a, const std::vector<SliceKey>& a, const Side& side_b,
           const std::vector<SliceKey>& b, std::vector<MatchedSlices>& out) {
  const auto tracks_a = by_path(side_a, a);
  const auto tracks_b = by_path(side_b, b);
  const bool same = tracks_a.size() == tracks_b.size() &&
                    std::equal(tracks_a.begin(), tracks_a.end(), tracks_b.begin(),
                               [](const auto& x, const auto& y) { return x.first == y.first; });
  if (!same) {
    return match_in_order(a, b, out);
  }
  for (const auto& [path, slices] : tracks_a) {
    match_in_order(slices, tracks_b.at(path), out);
  }
}

void measure(const Side& side, const std::vector<SliceKey>& slices, std::uint64_t& count,
             std::int64_t& total_ps, std::vector<std::int64_t>& durations) {
  count = slices.size();
  for (const SliceKey& slice : slices) {
    total_ps += side.duration(slice);
    durations.push_back(side.duration(slice));
  }
}

}  // namespace

Comparison compare_traces(const Contents& a, const Contents& b, CompareBy by) {
  const Side side_a(a, by);
  const Side side_b(b, by);
  Comparison out;
  std::map<std::string, ComparedOperator> all;
  for (const auto& [name, slices] : side_a.operators) {
    ComparedOperator& op = all[name];
    measure(side_a, slices, op.count_a, op.total_a_ps, op.durations_a);
  }
  for (const auto& [name, slices] : side_b.operators) {
    ComparedOperator& op = all[name];
    measure(side_b, slices, op.count_b, op.total_b_ps, op.durations_b);
    const auto partner = side_a.operators.find(name);
    if (partner != side_a.operators.end()) {
      match(side_a, partner->second, side_b, slices, out.matches);
    }
  }
  for (auto& [name, op] : all) {
    op.name = name;
    out.operators.push_back(std::move(op));
  }
  std::stable_sort(out.operators.begin(), out.operators.end(), [](const auto& x, const auto& y) {
    return std::abs(x.difference_ps()) > std::abs(y.difference_ps());
  });
  std::stable_sort(out.matches.begin(), out.matches.end(), [&](const auto& x, const auto& y) {
    return side_a.start(x.a) < side_a.start(y.a);
  });
  return out;
}

std::vector<std::size_t> histogram(const std::vector<std::int64_t>& durations,
                                   std::int64_t least_ps, std::int64_t most_ps, std::size_t bins) {
  std::vector<std::size_t> out(bins);
  const double low = std::log(static_cast<double>(std::max<std::int64_t>(least_ps, 1)));
  const double high = std::log(static_cast<double>(std::max<std::int64_t>(most_ps, 1)));
  for (const std::int64_t duration : durations) {
    const double value = std::log(static_cast<double>(std::max<std::int64_t>(duration, 1)));
    const double share = high > low ? (value - low) / (high - low) : 0;
    const double bin =
        std::clamp(share * static_cast<double>(bins), 0.0, static_cast<double>(bins - 1));
    ++out[static_cast<std::size_t>(bin)];
  }
  return out;
}

std::vector<Drift> drift(const Comparison& comparison, const Contents& a, const Contents& b,
                         std::int64_t offset_ps) {
  std::vector<Drift> out;
  for (const MatchedSlices& pair : comparison.matches) {
    const std::int64_t at = a.data.lanes[pair.a.lane].start_ps(pair.a.slice);
    out.push_back({at, b.data.lanes[pair.b.lane].start_ps(pair.b.slice) - at - offset_ps});
  }
  return out;
}

}  // namespace reticle::gui
