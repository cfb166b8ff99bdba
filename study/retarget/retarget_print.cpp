#include <algorithm>

#include "study/kernel/kernel_study.h"
#include "study/retarget/retarget.h"
#include "study/trace/text_table.h"

namespace reticle::study {
namespace {

constexpr double kPsPerMs = 1e9;
constexpr double kPercent = 100;

double ms(std::int64_t ps) { return rounded(static_cast<double>(ps) / kPsPerMs); }
std::string ms_text(std::int64_t ps) { return formatted("%.3f", ms(ps)); }

std::string error_text(std::int64_t recorded, std::int64_t simulated) {
  return recorded > 0
             ? formatted(
                   "%+.1f %%",
                   kPercent * (static_cast<double>(simulated) / static_cast<double>(recorded) - 1))
             : "";
}

std::string share_text(std::int64_t part, std::int64_t whole) {
  return formatted(
      "%.0f %%", whole > 0 ? kPercent * static_cast<double>(part) / static_cast<double>(whole) : 0);
}

// What held most of a class's time: its own bound, or a resource that others crowded.
std::string holder_text(const RetargetedClass& c) {
  const auto most = std::max_element(c.held_by.begin(), c.held_by.end());
  if (most == c.held_by.end() || *most == 0) {
    return "";
  }
  return resource_name(static_cast<Resource>(most - c.held_by.begin())) + " " +
         share_text(*most, c.simulated_ps);
}

nlohmann::ordered_json held_json(const RetargetedClass& c) {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  for (std::size_t r = 0; r < c.held_by.size(); ++r) {
    if (c.held_by[r] > 0) {
      out[resource_name(static_cast<Resource>(r))] = ms(c.held_by[r]);
    }
  }
  return out;
}

}  // namespace

nlohmann::ordered_json to_json(const Retargeted& r) {
  nlohmann::ordered_json out;
  out["system"] = r.system;
  out["chip"] = r.chip;
  out["recorded_on"] = r.recorded_on;
  out["software"] = r.software;
  out["ranks"] = r.ranks;
  out["nodes"] = r.nodes;
  out["recorded_ms"] = ms(r.recorded_ps);
  out["simulated_ms"] = ms(r.simulated_ps);
  out["steps"] = nlohmann::ordered_json::array();
  for (const ReplayedStep& s : r.steps) {
    out["steps"].push_back({{"name", s.name},
                            {"recorded_ms", ms(s.recorded_ps)},
                            {"simulated_ms", ms(s.simulated_ps)}});
  }
  out["recognised_share"] = rounded(r.recognised_share);
  out["simulated_share"] = rounded(r.simulated_share);
  for (const auto& [level, share] : r.confidence) {
    out["confidence"][level] = rounded(share);
  }
  for (const RetargetedClass& c : r.classes) {
    out["classes"].push_back({{"class", c.name},
                              {"count", c.count},
                              {"recorded_ms", ms(c.recorded_ps)},
                              {"simulated_ms", ms(c.simulated_ps)},
                              {"recognised_ms", ms(c.recognised_ps)},
                              {"scaled_ms", ms(c.scaled_ps)},
                              {"held_by_ms", held_json(c)}});
  }
  out["kernels"] = to_json(r.kernels);
  out["energy_j"] = rounded(chips::total(r.energy_j));
  for (const auto& [component, joules] : r.energy_j) {
    out["energy_by_component_j"][component] = rounded(joules);
  }
  out["power_w"] = rounded(r.power.power_w);
  out["clock_mhz"] = rounded(r.power.clock_hz * 1e-6);
  for (const char* basis : {"build", "price", "rental"}) {
    const auto found = r.cost_usd.find(basis);
    out["cost_usd"][basis] = found == r.cost_usd.end() ? nlohmann::ordered_json()
                                                       : nlohmann::ordered_json(found->second);
  }
  out["notes"] = r.notes;
  return out;
}

std::string to_text(const Retargeted& r, std::size_t kernels) {
  std::string out = "  " + (r.recorded_on.empty() ? "recorded" : r.recorded_on) + " to " + r.chip +
                    " (" + r.system + (r.software.empty() ? "" : ", " + r.software) + "), one of " +
                    std::to_string(r.ranks) + " ranks\n\n";
  std::vector<std::vector<std::string>> rows{
      {"", "recorded ms", "simulated ms", "change", "recognised", "scaled", "held by"}};
  rows.push_back({"makespan", ms_text(r.recorded_ps), ms_text(r.simulated_ps),
                  error_text(r.recorded_ps, r.simulated_ps), "", "", ""});
  for (const ReplayedStep& s : r.steps) {
    rows.push_back({s.name, ms_text(s.recorded_ps), ms_text(s.simulated_ps),
                    error_text(s.recorded_ps, s.simulated_ps), "", "", ""});
  }
  for (const RetargetedClass& c : r.classes) {
    rows.push_back({c.name, ms_text(c.recorded_ps), ms_text(c.simulated_ps),
                    error_text(c.recorded_ps, c.simulated_ps),
                    share_text(c.recognised_ps, c.recorded_ps),
                    share_text(c.scaled_ps, c.recorded_ps), holder_text(c)});
  }
  out += text_table(rows, 1);
  out += kernels > 0 ? "\n" + to_text(r.kernels, kernels) : "";
  out += formatted("\n  recognised %.1f %% of kernel time", kPercent * r.recognised_share) +
         formatted(" (high confidence %.1f %%", kPercent * r.confidence.at("high")) +
         formatted(", medium %.1f %%)", kPercent * r.confidence.at("medium")) +
         formatted("; simulated %.1f %%\n", kPercent * r.simulated_share) +
         formatted("  energy of one rank %.4g J", chips::total(r.energy_j)) +
         formatted(" at %.4g W", r.power.power_w) +
         formatted(" and %.0f MHz", r.power.clock_hz * 1e-6);
  for (const auto& [basis, usd] : r.cost_usd) {
    out += "\n  all ranks for the makespan, " + basis + ": " + formatted("%.4g USD", usd);
  }
  out += "\n";
  for (const std::string& note : r.notes) {
    out += "  note: " + note + "\n";
  }
  return out;
}

}  // namespace reticle::study
