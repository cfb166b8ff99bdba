#include <algorithm>

#include "study/trace/text_table.h"
#include "study/trace/trace_info.h"

namespace reticle::study {
namespace {

constexpr std::size_t kMostRows = 40;
constexpr double kPsPerUs = 1e6;
constexpr double kPercent = 100;

using Cells = std::vector<std::string>;

template <class Time>
std::string us(Time ps) {
  return formatted("%.3f", static_cast<double>(ps) / kPsPerUs);
}

std::string left_out(std::size_t all, const char* what) {
  return all > kMostRows
             ? "  and " + std::to_string(all - kMostRows) + " more " + what + " (all with --json)\n"
             : "";
}

std::string tracks(const TraceInfo& info) {
  std::vector<const TraceTrackInfo*> busy;
  for (const TraceTrackInfo& track : info.tracks) {
    if (track.slices > 0) {
      busy.push_back(&track);
    }
  }
  std::stable_sort(busy.begin(), busy.end(),
                   [](const auto* a, const auto* b) { return a->busy_ps > b->busy_ps; });
  std::vector<Cells> rows{{"track", "kind", "slices", "busy us", "share"}};
  for (std::size_t i = 0; i < std::min(busy.size(), kMostRows); ++i) {
    rows.push_back({busy[i]->path, busy[i]->kind, std::to_string(busy[i]->slices),
                    us(busy[i]->busy_ps), formatted("%.1f %%", kPercent * busy[i]->share)});
  }
  return busy.empty() ? "" : "\n" + text_table(rows, 2) + left_out(busy.size(), "tracks");
}

std::string names(const TraceInfo& info) {
  std::vector<Cells> rows{{"name", "count", "total us", "mean us", "median us", "p95 us"}};
  for (std::size_t i = 0; i < std::min(info.names.size(), kMostRows); ++i) {
    const TraceNameInfo& n = info.names[i];
    rows.push_back({n.name, std::to_string(n.count), us(n.total_ps), us(n.mean_ps), us(n.median_ps),
                    us(n.p95_ps)});
  }
  return info.names.empty() ? ""
                            : "\n" + text_table(rows, 1) + left_out(info.names.size(), "names");
}

std::string counters(const TraceInfo& info) {
  std::vector<Cells> rows{{"counter", "unit", "samples", "min", "mean", "max"}};
  for (std::size_t i = 0; i < std::min(info.counters.size(), kMostRows); ++i) {
    const TraceCounterInfo& c = info.counters[i];
    rows.push_back({c.track + "/" + c.name, c.unit, std::to_string(c.samples),
                    formatted("%.6g", c.min), formatted("%.6g", c.mean), formatted("%.6g", c.max)});
  }
  return info.counters.empty()
             ? ""
             : "\n" + text_table(rows, 2) + left_out(info.counters.size(), "counters");
}

}  // namespace

std::string to_text(const TraceInfo& info) {
  std::string out = info.file + "\n";
  if (!info.notice.empty()) {
    out += "  warning: " + info.notice + "\n";
  }
  out += "  written by " + info.producer;
  for (const auto& [key, value] : info.properties) {
    out.append(", ").append(key).append(" ").append(value);
  }
  out += "\n  " + us(info.first_ps) + " us to " + us(info.last_ps) + " us; ranks " +
         std::to_string(info.ranks) + ", tracks " + std::to_string(info.tracks.size()) +
         ", slices " + std::to_string(info.slices) + ", counter samples " +
         std::to_string(info.samples) + ", flows " + std::to_string(info.flows) + "\n";
  return out + tracks(info) + names(info) + counters(info);
}

}  // namespace reticle::study
