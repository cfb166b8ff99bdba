#include "workloads/traces/arrange.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace reticle::traces {
namespace {

constexpr std::int64_t kPsPerUs = 1000000;
// A quarter of what 64-bit picoseconds hold: 26 days on either side of the median event.
constexpr std::int64_t kFarthestUs = std::numeric_limits<std::int64_t>::max() / kPsPerUs / 4;

// Slices nested deeper go to a track of their own: formats and viewers have a limit.
constexpr std::size_t kDeepest = 256;

// Times of the trace on the recording's clock.
class Clock {
 public:
  Clock(const RawRecording& raw, std::uint64_t& base_us) {
    std::vector<std::int64_t> us;
    us.reserve(raw.slices.size() + raw.samples.size());
    for (const RawSlice& slice : raw.slices) {
      us.push_back(slice.start.us);
    }
    for (const RawSample& sample : raw.samples) {
      us.push_back(sample.time.us);
    }
    if (us.empty()) {
      return;
    }
    const auto middle = us.begin() + static_cast<std::ptrdiff_t>(us.size() / 2);
    std::nth_element(us.begin(), middle, us.end());
    median_us_ = *middle;
    base_us_ = median_us_;
    for (const std::int64_t time : us) {
      if (near(time)) {
        base_us_ = std::min(base_us_, time);
      }
    }
    base_us = base_us_ > 0 ? static_cast<std::uint64_t>(base_us_) : 0;
    base_us_ = base_us_ > 0 ? base_us_ : std::min<std::int64_t>(base_us_, 0);
  }

  bool near(std::int64_t us) const {
    const auto apart = static_cast<double>(us) - static_cast<double>(median_us_);
    return apart < static_cast<double>(kFarthestUs) && -apart < static_cast<double>(kFarthestUs);
  }
  std::int64_t ps(const EventTime& time) const { return (time.us - base_us_) * kPsPerUs + time.ps; }

 private:
  std::int64_t median_us_ = 0;
  std::int64_t base_us_ = 0;
};

// A slice as it is sorted: by track, then start, outer before inner, else as in the file.
struct Sorted {
  std::uint32_t track = 0;
  std::uint32_t depth = 0;
  std::int64_t start_ps = 0;
  std::uint32_t raw = 0;
};

class Arranger {
 public:
  Arranger(RawRecording& raw, Recording& out) : raw_(raw), out_(out), clock_(raw, out.base_us) {}

  void run() {
    sort();
    separate_overlaps();
    fill_columns();
    bind_flows();
    samples();
  }

 private:
  std::int64_t duration(const Sorted& s) const { return raw_.slices[s.raw].duration_ps; }

  void sort() {
    rows_.reserve(raw_.slices.size());
    for (std::size_t i = 0; i < raw_.slices.size(); ++i) {
      const RawSlice& slice = raw_.slices[i];
      if (clock_.near(slice.start.us)) {
        rows_.push_back({slice.track, 0, clock_.ps(slice.start), static_cast<std::uint32_t>(i)});
      } else {
        ++out_.oddities.bad_times;
      }
    }
    order();
  }

  void order() {
    const auto before = [this](const Sorted& a, const Sorted& b) {
      if (a.track != b.track || a.start_ps != b.start_ps) {
        return std::tie(a.track, a.start_ps) < std::tie(b.track, b.start_ps);
      }
      return std::make_pair(-duration(a), a.raw) < std::make_pair(-duration(b), b.raw);
    };
    std::stable_sort(rows_.begin(), rows_.end(), before);  // quick where runs are in order already
  }

  // Depth by a stack of ends. What begins in a slice and ends after it goes to the track's
  // overflow, which is swept the same way, until none overlaps.
  void separate_overlaps() {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> overflow;  // (origin, level)
    std::vector<std::size_t> rows(rows_.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    for (std::uint32_t level = 1; !rows.empty(); ++level) {
      std::vector<std::size_t> left;
      std::vector<std::int64_t> ends;
      std::uint32_t track = kNone;
      for (const std::size_t row : rows) {
        Sorted& s = rows_[row];
        if (s.track != track) {
          track = s.track;
          ends.clear();
        }
        const std::int64_t end = s.start_ps + duration(s);
        while (!ends.empty() && ends.back() <= s.start_ps) {
          ends.pop_back();
        }
        if ((!ends.empty() && end > ends.back()) || ends.size() == kDeepest) {
          left.push_back(row);
          continue;
        }
        s.depth = static_cast<std::uint32_t>(ends.size());
        ends.push_back(end);
      }
      move_to_overflow(left, level, overflow);
      out_.oddities.overlaps += level == 1 ? left.size() : 0;
      rows = std::move(left);
    }
    if (!overflow.empty()) {
      order();
    }
  }

  void move_to_overflow(
      const std::vector<std::size_t>& rows, std::uint32_t level,
      std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t>& overflow) {
    for (const std::size_t row : rows) {
      const std::uint32_t origin = raw_.slices[rows_[row].raw].track;
      const auto [known, added] = overflow.emplace(std::make_pair(origin, level),
                                                   static_cast<std::uint32_t>(out_.tracks.size()));
      if (added) {
        Track track = out_.tracks[origin];
        track.overlap = level;
        out_.tracks.push_back(track);
      }
      rows_[row].track = known->second;
    }
  }

  void fill_columns() {
    Slices& to = out_.slices;
    const std::size_t n = rows_.size();
    to.track.reserve(n);
    to.depth.reserve(n);
    to.start_ps.reserve(n);
    to.duration_ps.reserve(n);
    to.name.reserve(n);
    to.category.reserve(n);
    to.correlation.reserve(n);
    to.details.reserve(n);
    for (const Sorted& row : rows_) {
      const RawSlice& slice = raw_.slices[row.raw];
      to.track.push_back(row.track);
      to.depth.push_back(row.depth);
      to.start_ps.push_back(row.start_ps);
      to.duration_ps.push_back(slice.duration_ps);
      to.name.push_back(slice.name);
      to.category.push_back(slice.category);
      to.correlation.push_back(slice.correlation);
      to.details.push_back(slice.details);
    }
    rows_ = {};
    raw_.slices = {};
  }

  // The innermost slice of the track around a time; kNone: none.
  std::uint32_t slice_at(std::uint32_t track, std::int64_t time_ps) const {
    const Slices& s = out_.slices;
    const auto begin = std::lower_bound(s.track.begin(), s.track.end(), track) - s.track.begin();
    const auto end = std::upper_bound(s.track.begin(), s.track.end(), track) - s.track.begin();
    auto at = std::upper_bound(s.start_ps.begin() + begin, s.start_ps.begin() + end, time_ps) -
              s.start_ps.begin();
    for (std::uint32_t depth = kNone; at > begin && depth > 0;) {
      const auto i = static_cast<std::size_t>(--at);
      if (s.depth[i] < depth) {
        depth = s.depth[i];
        if (time_ps < s.end_ps(i) || (time_ps == s.start_ps[i] && s.duration_ps[i] == 0)) {
          return static_cast<std::uint32_t>(i);
        }
      }
    }
    return kNone;
  }

  void bind_flows() {
    std::unordered_map<std::uint64_t, std::uint32_t> from;
    for (const RawFlowEnd& end : raw_.flows) {
      if (end.start && clock_.near(end.time.us)) {
        from[end.id] = slice_at(end.track, clock_.ps(end.time));
      }
    }
    for (const RawFlowEnd& end : raw_.flows) {
      if (end.start) {
        continue;
      }
      const auto start = from.find(end.id);
      const std::uint32_t to =
          clock_.near(end.time.us) ? slice_at(end.track, clock_.ps(end.time)) : kNone;
      if (start == from.end() || start->second == kNone || to == kNone) {
        ++out_.oddities.unbound_flows;
      } else {
        out_.flows.push_back({start->second, to, end.name});
      }
    }
    raw_.flows = {};
    std::sort(out_.flows.begin(), out_.flows.end(), [](const Flow& a, const Flow& b) {
      return std::tie(a.from, a.to, a.name) < std::tie(b.from, b.to, b.name);
    });
  }

  void samples() {
    for (const RawSample& sample : raw_.samples) {
      if (clock_.near(sample.time.us)) {
        out_.samples.push_back({sample.counter, clock_.ps(sample.time), sample.value});
      } else {
        ++out_.oddities.bad_times;
      }
    }
    std::stable_sort(out_.samples.begin(), out_.samples.end(),
                     [](const Sample& a, const Sample& b) {
                       return std::tie(a.counter, a.time_ps) < std::tie(b.counter, b.time_ps);
                     });
    const auto same = [](const Sample& a, const Sample& b) {
      return a.counter == b.counter && a.time_ps == b.time_ps;
    };
    // Of several values at one time the last counts: unique from the back keeps it.
    const auto kept = std::unique(out_.samples.rbegin(), out_.samples.rend(), same);
    const auto dropped = kept.base() - out_.samples.begin();
    out_.oddities.same_time_samples += static_cast<std::uint64_t>(dropped);
    out_.samples.erase(out_.samples.begin(), kept.base());
  }

  RawRecording& raw_;
  Recording& out_;
  Clock clock_;
  std::vector<Sorted> rows_;
};

}  // namespace

void arrange(RawRecording raw, Recording& out) { Arranger(raw, out).run(); }

}  // namespace reticle::traces
