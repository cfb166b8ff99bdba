#include "study/trace/trace_info.h"

#include <algorithm>
#include <tuple>

#include "study/trace/open_trace.h"
#include "study/trace/track_paths.h"

namespace reticle::study {
namespace {

constexpr double kSecondsPerPs = 1e-12;

double share_of(std::uint64_t busy_ps, const trace::Span& span) {
  const auto length = static_cast<double>(span.last_ps - span.first_ps);
  return length > 0 ? static_cast<double>(busy_ps) / length : 0;
}

std::vector<TraceTrackInfo> tracks(const trace::Summary& summary,
                                   const std::vector<std::string>& paths) {
  std::vector<TraceTrackInfo> out;
  for (std::size_t i = 0; i < summary.tracks.size(); ++i) {
    const trace::TrackTotals& totals = summary.totals.tracks[i];
    out.push_back({paths[i], track_kind(summary.tracks[i].kind), summary.tracks[i].number,
                   totals.slices, totals.busy_ps, share_of(totals.busy_ps, summary.totals.span)});
  }
  return out;
}

// A value holds until the next sample, the last one until the end of the trace.
double mean(const trace::CounterTotals& counter, std::int64_t end_ps) {
  auto seconds = [](std::int64_t ps) { return static_cast<double>(ps) * kSecondsPerPs; };
  const double whole = seconds(end_ps - counter.first_ps);
  const double tail = seconds(end_ps - counter.last_ps);
  return whole > 0 ? (counter.integral + counter.last_value * tail) / whole : counter.last_value;
}

std::vector<TraceCounterInfo> counters(const trace::Summary& summary,
                                       const std::vector<std::string>& paths) {
  std::vector<TraceCounterInfo> out;
  for (std::size_t i = 0; i < summary.counters.size(); ++i) {
    const trace::Counter& counter = summary.counters[i];
    const trace::CounterTotals& totals = summary.totals.counters[i];
    out.push_back({paths[counter.track.value - 1], counter.name, counter.unit, totals.samples,
                   totals.min, mean(totals, summary.totals.span.last_ps), totals.max});
  }
  return out;
}

// `durations` is not empty and sorted.
TraceNameInfo name_info(const std::string& name, const std::vector<std::int64_t>& durations) {
  TraceNameInfo out;
  const std::size_t n = durations.size();
  out.name = name;
  out.count = n;
  for (const std::int64_t duration : durations) {
    out.total_ps += static_cast<std::uint64_t>(duration);
  }
  out.mean_ps = static_cast<double>(out.total_ps) / static_cast<double>(n);
  out.median_ps =
      (static_cast<double>(durations[(n - 1) / 2]) + static_cast<double>(durations[n / 2])) / 2;
  out.p95_ps = durations[(n * 95 + 99) / 100 - 1];
  return out;
}

std::vector<TraceNameInfo> names(trace::Reader& reader) {
  std::vector<std::vector<std::int64_t>> durations(reader.summary().strings.size());
  reader.each_slices([&](const trace::SliceBlock& block) {
    for (std::size_t row = 0; row < block.name.size(); ++row) {
      durations[block.name[row].value].push_back(block.duration_ps[row]);
    }
  });
  std::vector<TraceNameInfo> out;
  for (std::size_t id = 0; id < durations.size(); ++id) {
    if (!durations[id].empty()) {
      std::sort(durations[id].begin(), durations[id].end());
      out.push_back(name_info(reader.summary().strings[id], durations[id]));
    }
  }
  std::sort(out.begin(), out.end(), [](const TraceNameInfo& a, const TraceNameInfo& b) {
    return std::tie(b.total_ps, a.name) < std::tie(a.total_ps, b.name);
  });
  return out;
}

}  // namespace

TraceInfo trace_info(const std::filesystem::path& path) {
  const auto reader = open_trace(path);
  const trace::Summary& summary = reader->summary();
  const std::vector<std::string> paths = track_paths(summary);
  TraceInfo info;
  info.file = path.string();
  info.notice = reader->notice();
  info.producer = summary.producer;
  info.properties = summary.properties;
  info.first_ps = summary.totals.span.first_ps;
  info.last_ps = summary.totals.span.last_ps;
  info.ranks = static_cast<std::uint64_t>(
      std::count_if(summary.tracks.begin(), summary.tracks.end(),
                    [](const trace::Track& t) { return t.kind == rtrace::TRACK_KIND_RANK; }));
  info.slices = summary.totals.slices;
  info.samples = summary.totals.samples;
  info.flows = summary.totals.flows;
  info.tracks = tracks(summary, paths);
  info.names = names(*reader);
  info.counters = counters(summary, paths);
  return info;
}

}  // namespace reticle::study
