#include "study/run/report.h"

#include <algorithm>
#include <sstream>
#include <vector>

#include "study/table.h"

namespace reticle::study {

namespace {

void print_parts(std::ostringstream& out, const Throughput& throughput) {
  Table table = {{"", "simulated", "unit", "published", "error"}};
  for (const Part& part : throughput.parts()) {
    table.push_back({part.name(), figure(part.value()), part.unit() == "1" ? "" : part.unit(),
                     part.has_published() ? figure(part.published()) : "",
                     part.has_error_percent() ? percent(part.error_percent()) : ""});
  }
  print(out, table);
}

void print_energy(std::ostringstream& out, const EnergyResult& energy) {
  Table table = {{"energy, J/token", "chips", "wall"}};
  for (const NamedValue& wall : energy.wall().by_component()) {
    std::string chip;
    for (const NamedValue& same : energy.chip().by_component()) {
      chip = same.name() == wall.name() ? figure(same.value()) : chip;
    }
    table.push_back({"  " + wall.name(), chip, figure(wall.value())});
  }
  table.push_back(
      {"  sum", figure(energy.chip().j_per_token()), figure(energy.wall().j_per_token())});
  table.push_back({"clock, MHz", figure(energy.clock_mhz()), ""});
  table.push_back(
      {"average W a package",
       figure(energy.chip().avg_power_w()) + (energy.chip().over_power_cap() ? " OVER CAP" : ""),
       figure(energy.wall().avg_power_w())});
  print(out, table);
}

// A column a basis: they are never mixed.
void print_cost(std::ostringstream& out, const CostResult& cost) {
  Table table = {
      {"USD per million tokens"}, {"  P5"}, {"  P50"}, {"  P95"}, {"USD an hour and package, P50"}};
  const auto add = [&table](const char* name, bool has, const CostBasis& basis) {
    const Quantiles& q = basis.usd_per_million_tokens();
    table[0].push_back(name);
    const std::vector<double> values = {q.p5(), q.p50(), q.p95(), basis.usd_per_chip_hour().p50()};
    for (std::size_t i = 0; i < values.size(); ++i) {
      table[i + 1].push_back(has ? figure(values[i]) : "no inputs");
    }
  };
  add("build", cost.has_build(), cost.build());
  add("price", cost.has_price(), cost.price());
  add("rental", cost.has_rental(), cost.rental());
  print(out, table);
}

void print_ranks(std::ostringstream& out, const RanksResult& ranks) {
  Table table = {{"every rank, ms", "least", "mean", "most"}};
  const auto add = [&table](const char* name, const Spread& spread) {
    table.push_back({name, figure(spread.min()), figure(spread.mean()), figure(spread.max())});
  };
  add("  kernels", ranks.compute_ms());
  add("  transfers", ranks.transfer_ms());
  add("  waiting for others", ranks.waiting_ms());
  print(out, table);
  out << "  straggler: rank " << ranks.straggler().rank() << ", the last at "
      << ranks.straggler().meetings() << " meetings (others waited "
      << figure(ranks.straggler().awaited_ms()) << " ms in sum); busiest rank's rows over the mean "
      << figure(ranks.imbalance()) << '\n';
  for (const LinkFigures& link : ranks.hot_links()) {
    out << "  " << link.link() << "  " << figure(link.gb()) << " GB, "
        << figure(100 * link.utilisation()) << " %\n";
  }
}

void print_tornado(std::ostringstream& out, const CostBasis& basis) {
  constexpr int kShown = 5;
  Table table = {{"what moves build, USD per million tokens", "at low", "at high", "grade"}};
  for (int i = 0; i < std::min(basis.tornado_size(), kShown); ++i) {
    const Sensitivity& one = basis.tornado(i);
    table.push_back({"  " + one.input(), figure(one.at_low()), figure(one.at_high()), one.grade()});
  }
  print(out, table);
}

void print_carbon(std::ostringstream& out, const CarbonResult& carbon) {
  if (!carbon.has_embodied() && !carbon.has_operational()) {
    return;
  }
  out << "  kg CO2e per million tokens:";
  if (carbon.has_operational()) {
    out << " operational " << figure(carbon.operational().p50());
  }
  if (carbon.has_embodied()) {
    out << (carbon.has_operational() ? "," : "") << " embodied in packages "
        << figure(carbon.embodied().p50()) << (carbon.hbm_included() ? "" : " without their HBM");
  }
  out << '\n';
}

void print_scenario(std::ostringstream& out, const ScenarioResult& scenario) {
  const Throughput& throughput = scenario.throughput();
  out << scenario.name() << ": " << throughput.ranks() << " ranks on " << throughput.chips()
      << " packages, " << figure(throughput.tokens_per_s()) << " tokens/s, MFU "
      << figure(throughput.mfu() * 100) << " %, " << figure(scenario.memory().used_gb()) << " of "
      << figure(scenario.memory().capacity_gb()) << " GB a rank\n";
  print_parts(out, throughput);
  print_energy(out, scenario.energy());
  print_cost(out, scenario.cost());
  if (scenario.has_ranks()) {
    print_ranks(out, scenario.ranks());
  }
  if (scenario.cost().build().tornado_size() > 0) {
    print_tornado(out, scenario.cost().build());
  }
  print_carbon(out, scenario.carbon());
  out << "  critical path:";
  for (const Bottleneck& bottleneck : scenario.bottlenecks()) {
    out << ' ' << bottleneck.resource() << ' ' << figure(bottleneck.share() * 100) << " %";
  }
  out << "\n  rests on " << scenario.assumptions_size()
      << " numbers of grade C or set by hand (assumptions in result.json)\n\n";
}

std::string median(bool has, const CostBasis& basis) {
  return has ? figure(basis.usd_per_million_tokens().p50()) : "";
}

// Leaves out columns that no scenario has a value for.
Table without_empty_columns(const Table& table) {
  Table kept(table.size());
  for (std::size_t column = 0; column < table.front().size(); ++column) {
    if (std::all_of(table.begin() + 1, table.end(),
                    [column](const auto& row) { return row[column].empty(); })) {
      continue;
    }
    for (std::size_t row = 0; row < table.size(); ++row) {
      kept[row].push_back(table[row][column]);
    }
  }
  return kept;
}

// The scenarios beside each other.
void print_summary(std::ostringstream& out, const RunResult& result) {
  Table table = {{"", "tokens/s a package", "TPOT, ms", "TTFT, ms", "J/token, chips",
                  "J/token, wall", "USD/Mtok, build", "price", "rental"}};
  for (const ScenarioResult& scenario : result.scenarios()) {
    const CostResult& cost = scenario.cost();
    table.push_back(
        {scenario.name(), figure(scenario.throughput().tokens_per_s_per_chip()),
         scenario.throughput().has_tpot_ms() ? figure(scenario.throughput().tpot_ms()) : "",
         scenario.throughput().has_ttft_ms() ? figure(scenario.throughput().ttft_ms()) : "",
         figure(scenario.energy().chip().j_per_token()),
         figure(scenario.energy().wall().j_per_token()), median(cost.has_build(), cost.build()),
         median(cost.has_price(), cost.price()), median(cost.has_rental(), cost.rental())});
  }
  print(out, without_empty_columns(table));
  out << '\n';
}

void print_comparisons(std::ostringstream& out, const RunResult& result) {
  if (result.comparisons_size() == 0) {
    return;
  }
  Table table = {{"cheaper per token, by draws", "basis", "probability", "ratio P5", "P50", "P95"}};
  for (const Comparison& one : result.comparisons()) {
    table.push_back({"  " + one.first() + " than " + one.second(), one.basis(),
                     figure(one.probability_first_cheaper()), figure(one.ratio().p5()),
                     figure(one.ratio().p50()), figure(one.ratio().p95())});
  }
  print(out, table);
  out << '\n';
}

void print_inversions(std::ostringstream& out, const RunResult& result) {
  for (const Inversion& one : result.inversions()) {
    out << one.name() << ": " << one.input();
    if (one.has_value()) {
      out << " = " << figure(one.value()) << ' ' << one.unit();
    } else {
      out << " has no such value from " << figure(one.low()) << " to " << figure(one.high()) << ' '
          << one.unit();
    }
    out << " (now " << figure(one.now()) << "; " << one.result() << " = 1)\n";
  }
  out << (result.inversions_size() > 0 ? "\n" : "");
}

}  // namespace

std::string report(const RunResult& result) {
  std::ostringstream out;
  out << "Study " << result.study() << " (seed " << result.seed() << ", fidelity "
      << result.fidelity() << ")\n\n";
  print_summary(out, result);
  print_comparisons(out, result);
  print_inversions(out, result);
  for (const ScenarioResult& scenario : result.scenarios()) {
    print_scenario(out, scenario);
  }
  return out.str();
}

}  // namespace reticle::study
