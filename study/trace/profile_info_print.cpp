#include <algorithm>

#include "study/trace/profile_info.h"
#include "study/trace/text_table.h"

namespace reticle::study {
namespace {

constexpr double kPsPerUs = 1e6;
constexpr double kPsPerMs = 1e9;
constexpr double kPercent = 100;
constexpr double kPsPerSecond = 1e12;
constexpr double kTera = 1e-12;
constexpr double kGiga = 1e-9;
constexpr double kProductIntensity = 10;  // operations a byte: what multiplies matrices

double us(double ps) { return rounded(ps / kPsPerUs); }
double us(std::int64_t ps) { return us(static_cast<double>(ps)); }

std::string ms_text(std::int64_t ps) {
  return formatted("%.3f", static_cast<double>(ps) / kPsPerMs);
}
std::string us_text(double ps) { return formatted("%.1f", ps / kPsPerUs); }

std::string percent(std::int64_t part, std::int64_t whole) {
  return formatted(
      "%.1f %%", whole > 0 ? kPercent * static_cast<double>(part) / static_cast<double>(whole) : 0);
}

double per_second(double amount, std::int64_t ps) {
  return ps > 0 ? amount / static_cast<double>(ps) * kPsPerSecond : 0;
}

void add_estimates(const ProfileClass& c, std::vector<std::string>& row) {
  if (c.estimated_ps == 0) {
    return;
  }
  const bool products = c.operations > kProductIntensity * c.bytes;
  row.push_back(products ? formatted("%.2f", c.operations * kTera) : "");
  row.push_back(products ? formatted("%.0f", per_second(c.operations, c.estimated_ps) * kTera)
                         : "");
  row.push_back(formatted("%.2f", c.bytes * kGiga));
  row.push_back(formatted("%.0f", per_second(c.bytes, c.estimated_ps) * kGiga));
  row.push_back(percent(c.estimated_ps, c.total_ps));
}

std::string classes_text(const ProfileInfo& info) {
  std::vector<std::vector<std::string>> rows{{"class", "count", "total ms", "share", "median us",
                                              "p95 us", "TFLOP", "TFLOPS", "GB", "GB/s",
                                              "estimated"}};
  for (const ProfileClass& c : info.classes) {
    rows.push_back({traces::class_name(c.kernel_class), std::to_string(c.count),
                    ms_text(c.total_ps), formatted("%.1f %%", kPercent * c.share),
                    us_text(c.median_ps), us_text(static_cast<double>(c.p95_ps))});
    add_estimates(c, rows.back());
  }
  return text_table(rows, 1);
}

std::string streams_text(const ProfileInfo& info) {
  std::vector<std::vector<std::string>> rows{
      {"stream", "kernels", "busy ms", "busy", "idle ms", "median gap us", "launched late ms"}};
  for (const ProfileStream& s : info.streams) {
    rows.push_back({s.name, std::to_string(s.kernels), ms_text(s.busy_ps),
                    percent(s.busy_ps, s.busy_ps + s.idle_ps), ms_text(s.idle_ps),
                    us_text(s.median_gap_ps), ms_text(s.late_launch_ps)});
  }
  return text_table(rows, 1);
}

std::string path_text(const ProfileInfo& info) {
  std::vector<std::vector<std::string>> rows{{"on the critical path", "ms", "share"}};
  for (const auto& [name, ps] : info.critical_path) {
    rows.push_back({name, ms_text(ps), percent(ps, info.critical_path_ps)});
  }
  return text_table(rows, 1);
}

std::string oddities_text(const ProfileInfo& info) {
  std::string out;
  for (const auto& [name, count] : listed(info.oddities)) {
    if (count > 0) {
      std::string words(name);
      std::replace(words.begin(), words.end(), '_', ' ');
      out += (out.empty() ? "\n  oddities: " : ", ") + words + " " + std::to_string(count);
    }
  }
  return out.empty() ? out : out + "\n";
}

}  // namespace

nlohmann::ordered_json to_json(const ProfileInfo& info) {
  nlohmann::ordered_json out;
  out["file"] = info.file;
  out["source"] = info.source;
  out["notice"] =
      info.truncated.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(info.truncated);
  out["device"] = info.device;
  out["ranks"] = 1;
  out["rank"] = info.rank;
  out["world_size"] = info.world_size;
  out["slices"] = info.slices;
  out["flows"] = info.flows;
  out["samples"] = info.samples;
  out["kernels"] = info.kernels;
  out["span_us"] = us(info.last_ps - info.first_ps);
  out["kernel_us"] = us(info.kernel_ps);
  out["compute_us"] = us(info.compute_ps);
  out["comm_us"] = us(info.comm_ps);
  out["overlap_us"] = us(info.overlap_ps);
  out["exposed_comm_us"] = us(info.exposed_comm_ps());
  out["idle_us"] = us(info.idle_ps);
  for (const ProfileStep& s : info.steps) {
    out["steps"].push_back(
        {{"name", s.name}, {"start_us", us(s.start_ps)}, {"duration_us", us(s.duration_ps)}});
  }
  for (const ProfileClass& c : info.classes) {
    out["classes"].push_back({{"class", traces::class_name(c.kernel_class)},
                              {"count", c.count},
                              {"total_us", us(c.total_ps)},
                              {"share", rounded(c.share)},
                              {"median_us", us(c.median_ps)},
                              {"p95_us", us(c.p95_ps)},
                              {"operations", rounded(c.operations)},
                              {"bytes", rounded(c.bytes)},
                              {"estimated_us", us(c.estimated_ps)}});
  }
  for (const ProfileStream& s : info.streams) {
    out["streams"].push_back({{"name", s.name},
                              {"kernels", s.kernels},
                              {"busy_us", us(s.busy_ps)},
                              {"idle_us", us(s.idle_ps)},
                              {"gaps", s.gaps},
                              {"median_gap_us", us(s.median_gap_ps)},
                              {"late_launch_us", us(s.late_launch_ps)}});
  }
  for (const auto& [name, ps] : info.critical_path) {
    out["critical_path"].push_back({{"class", name}, {"time_us", us(ps)}});
  }
  out["event_waits"] = info.event_waits;
  out["event_edges"] = info.event_edges;
  for (const auto& [name, count] : listed(info.oddities)) {
    out["oddities"][name] = count;
  }
  return out;
}

std::string to_text(const ProfileInfo& info) {
  std::string out = info.file + "\n";
  if (!info.truncated.empty()) {
    out += "  warning: " + info.truncated + "\n";
  }
  out += "  rank " + std::to_string(info.rank) + " of " + std::to_string(info.world_size) +
         (info.device.empty() ? "" : " on " + info.device) + "; slices " +
         std::to_string(info.slices) + ", kernels " + std::to_string(info.kernels) + ", flows " +
         std::to_string(info.flows) + "\n";
  for (const ProfileStep& s : info.steps) {
    out += "  " + s.name + ": " + ms_text(s.duration_ps) + " ms on the host\n";
  }
  if (info.kernels == 0) {
    return out + oddities_text(info);
  }
  const std::int64_t span = info.last_ps - info.first_ps;
  out += "  device: " + ms_text(span) + " ms from first to last kernel; computing " +
         ms_text(info.compute_ps) + " (" + percent(info.compute_ps, span) + "), communicating " +
         ms_text(info.comm_ps) + ", both " + ms_text(info.overlap_ps) + ", exposed communication " +
         ms_text(info.exposed_comm_ps()) + ", idle " + ms_text(info.idle_ps) + "\n\n";
  return out + classes_text(info) + "\n" + streams_text(info) + "\n" + path_text(info) +
         oddities_text(info);
}

}  // namespace reticle::study
