#include "gui/model/csv.h"

#include <cstdio>

namespace reticle::gui {
namespace {

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  std::string out = "\"";
  for (const char c : text) {
    out += c == '"' ? "\"\"" : std::string(1, c);
  }
  return out + "\"";
}

// Exact: six decimals are the picoseconds.
std::string microseconds(std::int64_t ps) {
  char text[32];
  std::snprintf(text, sizeof text, "%lld.%06lld", static_cast<long long>(ps / 1'000'000),
                static_cast<long long>(ps % 1'000'000));
  return text;
}

}  // namespace

std::string statistics_csv(const Contents& contents, const std::vector<NameStatistics>& rows,
                           GroupBy grouped) {
  std::string out = "name,track,count,total_us,average_us,min_us,max_us,p50_us,p95_us,p99_us\n";
  for (const NameStatistics& row : rows) {
    out += quoted(contents.summary.strings.at(row.name)) + ",";
    if (grouped == GroupBy::kNameAndLane) {
      out += quoted(track_path(contents.summary, contents.index.track(row.lane)));
    }
    out += "," + std::to_string(row.count);
    const auto average = row.total_ps / static_cast<std::int64_t>(row.count);
    for (const std::int64_t ps :
         {row.total_ps, average, row.min_ps, row.max_ps, row.p50_ps, row.p95_ps, row.p99_ps}) {
      out += "," + microseconds(ps);
    }
    out += "\n";
  }
  return out;
}

}  // namespace reticle::gui
