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

}  // namespace

nlohmann::ordered_json to_json(const Retargeted& r) {
  nlohmann::ordered_json out;
  out["system"] = r.system;
  out["chip"] = r.chip;
  out["recorded_on"] = r.recorded_on;
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
                              {"scaled_ms", ms(c.scaled_ps)}});
  }
  out["energy_j"] = rounded(chips::total(r.energy_j));
  for (const auto& [component, joules] : r.energy_j) {
    out["energy_by_component_j"][component] = rounded(joules);
  }
  out["power_w"] = rounded(r.power.power_w);
  out["clock_mhz"] = rounded(r.power.clock_hz * 1e-6);
  out["rental_usd"] =
      r.rental_usd > 0 ? nlohmann::ordered_json(rounded(r.rental_usd)) : nlohmann::ordered_json();
  out["notes"] = r.notes;
  return out;
}

std::string to_text(const Retargeted& r) {
  std::string out = "  " + (r.recorded_on.empty() ? "recorded" : r.recorded_on) + " to " + r.chip +
                    " (" + r.system + "), one of " + std::to_string(r.ranks) + " ranks\n\n";
  std::vector<std::vector<std::string>> rows{
      {"", "recorded ms", "simulated ms", "change", "recognised", "scaled"}};
  rows.push_back({"makespan", ms_text(r.recorded_ps), ms_text(r.simulated_ps),
                  error_text(r.recorded_ps, r.simulated_ps), "", ""});
  for (const ReplayedStep& s : r.steps) {
    rows.push_back({s.name, ms_text(s.recorded_ps), ms_text(s.simulated_ps),
                    error_text(s.recorded_ps, s.simulated_ps), "", ""});
  }
  for (const RetargetedClass& c : r.classes) {
    rows.push_back({c.name, ms_text(c.recorded_ps), ms_text(c.simulated_ps),
                    error_text(c.recorded_ps, c.simulated_ps),
                    share_text(c.recognised_ps, c.recorded_ps),
                    share_text(c.scaled_ps, c.recorded_ps)});
  }
  out += text_table(rows, 1);
  out += formatted("\n  recognised %.1f %% of kernel time", kPercent * r.recognised_share) +
         formatted(" (high confidence %.1f %%", kPercent * r.confidence.at("high")) +
         formatted(", medium %.1f %%)", kPercent * r.confidence.at("medium")) +
         formatted("; simulated %.1f %%\n", kPercent * r.simulated_share) +
         formatted("  energy of one rank %.4g J", chips::total(r.energy_j)) +
         formatted(" at %.4g W", r.power.power_w) +
         formatted(" and %.0f MHz", r.power.clock_hz * 1e-6);
  if (r.rental_usd > 0) {
    out += formatted("; rent of all ranks for the makespan %.4g USD", r.rental_usd);
  }
  out += "\n";
  for (const std::string& note : r.notes) {
    out += "  note: " + note + "\n";
  }
  return out;
}

}  // namespace reticle::study
