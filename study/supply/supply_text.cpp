#include <cmath>

#include "study/supply/supply_study.h"
#include "study/table.h"

namespace reticle::study {

namespace {

void print_year(std::ostringstream& out, const SupplyYearReport& year) {
  Table table = {{year.year(), "P5", "P50", "P95", "slack at modes", "binds"}};
  const auto row = [&](const std::string& name, const Quantiles& q) {
    table.push_back({name, figure(q.p5()), figure(q.p50()), figure(q.p95())});
  };
  row("  packages", year.packages());
  for (int i = 0; i < year.limits_size(); ++i) {
    row("    " + year.limits(i).name() + " alone", year.limits(i).value());
    table.back().push_back(figure(year.slack(i).value()));
    table.back().push_back(figure(year.binding_share(i).value() * 100) + " %");
  }
  row("  yield", year.yield());
  for (const DemandReport& demand : year.demands()) {
    row("  demand, " + demand.name(), demand.packages());
  }
  print(out, table);
  out << "  " << year.binding() << " binds at the modes";
  if (year.has_break_even_yield()) {
    out << "; above a yield of " << figure(year.break_even_yield()) << " logic does not";
  }
  out << "; left over: " << figure(year.dies_left()) << " dies";
  if (year.has_stacks_left()) {
    out << ", " << figure(year.stacks_left()) << " HBM stacks";
  }
  out << '\n';
  for (const DemandReport& demand : year.demands()) {
    out << "  demand `" << demand.name() << "` is met with probability " << figure(demand.met());
    if (demand.has_yield_needed()) {
      out << "; takes a yield of " << figure(demand.yield_needed());
    }
    if (demand.has_wafers_per_month_needed()) {
      out << "; takes " << figure(demand.wafers_per_month_needed()) << " wafers a month";
    } else {
      out << "; no number of wafers is enough";
    }
    out << '\n';
  }
}

}  // namespace

std::string supply_text(const SupplyReport& report) {
  std::ostringstream out;
  out << report.scenario() << ": " << report.chip() << " (seed " << report.seed() << ", "
      << report.draws() << " draws)\n";
  for (const SupplyYearReport& year : report.years()) {
    print_year(out, year);
  }
  out << "  rests on " << report.assumptions_size()
      << " numbers of grade C or set by hand (assumptions in --json)\n";
  return out.str();
}

}  // namespace reticle::study
