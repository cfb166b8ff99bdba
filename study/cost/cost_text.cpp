#include <sstream>

#include "study/cost/cost_study.h"
#include "study/table.h"

namespace reticle::study {

namespace {

std::vector<std::string> row(const std::string& name, const Quantiles& q) {
  return {name, figure(q.p5()), figure(q.p50()), figure(q.p95())};
}

void print_die(std::ostringstream& out, const CostReport& report) {
  const DieReport& die = report.die();
  Table table = {{"die on " + die.process(), "P5", "P50", "P95"}};
  table.push_back(row("  dies a wafer", die.dies_per_wafer()));
  table.push_back(row("  defects per cm2", die.defects_per_cm2()));
  table.push_back(row("  yield", die.yield()));
  table.push_back(row("  USD a good die", die.usd_per_good_die()));
  if (report.has_package()) {
    table.push_back({"package"});
    table.push_back(row("  assembly yield", report.package().assembly_yield()));
    table.push_back(row("  USD, built", report.package().usd()));
  }
  if (report.has_server()) {
    table.push_back({"server of " + report.server().system()});
    table.push_back(row("  USD, built", report.server().usd()));
    table.push_back(row("  USD, all of them", report.server().system_usd()));
  }
  print(out, table);
  out << "  " << die.partial_dies() << " partial dies, " << die.exposures() << " exposures, field "
      << figure(die.field_utilisation() * 100) << " % used\n";
  for (const NamedValue& bin : die.bins()) {
    out << "  bin " << bin.name() << ": " << figure(bin.value() * 100) << " % of the dies\n";
  }
}

void print_reported_yields(std::ostringstream& out, const DieReport& die) {
  if (die.reported_yields().empty()) {
    return;
  }
  Table table = {{"yields as reported", "yield", "defects per cm2", "grade", "counts"}};
  for (const ReportedYield& one : die.reported_yields()) {
    table.push_back({"  " + one.name(), figure(one.yield()),
                     one.has_defects_per_cm2() ? figure(one.defects_per_cm2()) : "none gives it",
                     one.grade(), one.definition()});
  }
  print(out, table);
}

void print_breakdown(std::ostringstream& out, const std::string& title, double total,
                     const google::protobuf::RepeatedPtrField<NamedValue>& parts) {
  Table table = {{title, "USD", "share"}};
  for (const NamedValue& part : parts) {
    table.push_back(
        {"  " + part.name(), figure(part.value()), figure(part.value() / total * 100) + " %"});
  }
  table.push_back({"  sum", figure(total), ""});
  print(out, table);
}

// Three bases, three tables: they are never in one column.
void print_hour(std::ostringstream& out, const HourReport& hour) {
  out << "An hour of one package at " << hour.site() << '\n';
  const auto basis = [&](const char* name, bool has, const Quantiles& q) {
    if (has) {
      out << "  " << name << ": " << figure(q.p50()) << " USD (" << figure(q.p5()) << " to "
          << figure(q.p95()) << ")\n";
    }
  };
  basis("build", hour.has_build(), hour.build());
  basis("price", hour.has_price(), hour.price());
  basis("rental", hour.has_rental(), hour.rental());
}

void print_quotes(std::ostringstream& out, const Quotes& quotes) {
  out << "Quoted by others (in no cost above)\n";
  const auto quote = [&](const char* name, bool has, const Quantiles& q) {
    if (has) {
      out << "  " << name << ": " << figure(q.p50()) << " (" << figure(q.p5()) << " to "
          << figure(q.p95()) << ")\n";
    }
  };
  quote("package, USD", quotes.has_package_usd(), quotes.package_usd());
  quote("its network, USD", quotes.has_network_usd(), quotes.network_usd());
  quote("rent, USD an hour", quotes.has_rental_usd_per_hour(), quotes.rental_usd_per_hour());
  quote("whole system, USD", quotes.has_system_usd(), quotes.system_usd());
}

void print_sensitivity(std::ostringstream& out, const CostReport& report) {
  if (report.sensitivity().empty()) {
    return;
  }
  Table table = {
      {"what moves " + report.sensitivity_of(), "at low", "at high", "first", "total", "grade"}};
  for (const Sensitivity& one : report.sensitivity()) {
    table.push_back({"  " + one.input(), figure(one.at_low()), figure(one.at_high()),
                     figure(one.first_order()), figure(one.total()), one.grade()});
  }
  print(out, table);
}

void print_inversion(std::ostringstream& out, const Inversion& inversion) {
  out << inversion.result() << " = " << figure(inversion.target()) << " at " << inversion.input();
  if (inversion.has_value()) {
    out << " = " << figure(inversion.value()) << ' ' << inversion.unit() << " (now "
        << figure(inversion.now()) << ")\n";
  } else {
    out << ": at no value from " << figure(inversion.low()) << " to " << figure(inversion.high())
        << ' ' << inversion.unit() << '\n';
  }
}

}  // namespace

std::string cost_text(const CostReport& report) {
  std::ostringstream out;
  out << report.subject() << " (seed " << report.seed() << ", " << report.draws() << " draws)\n";
  print_die(out, report);
  print_reported_yields(out, report.die());
  if (report.systems_size() > 1) {
    out << "  built of it:";
    for (const std::string& system : report.systems()) {
      out << ' ' << system;
    }
    out << " (--system)\n";
  }
  if (report.has_package()) {
    print_breakdown(out, "package at the modes", report.package().usd_at_modes(),
                    report.package().breakdown());
  }
  if (report.has_server()) {
    print_breakdown(out, "server at the modes", report.server().usd_at_modes(),
                    report.server().breakdown());
  }
  if (report.has_hour()) {
    print_hour(out, report.hour());
  }
  if (report.has_quotes()) {
    print_quotes(out, report.quotes());
  }
  if (report.has_carbon()) {
    out << "Embodied CO2e: " << figure(report.carbon().kg_per_good_die().p50()) << " kg a good die";
    if (report.carbon().has_kg_per_package()) {
      out << ", " << figure(report.carbon().kg_per_package().p50()) << " kg a package "
          << (report.carbon().hbm_included() ? "with" : "without") << " its HBM";
    }
    out << '\n';
  }
  print_sensitivity(out, report);
  if (report.has_inversion()) {
    print_inversion(out, report.inversion());
  }
  for (const std::string& warning : report.warnings()) {
    out << "warning: " << warning << '\n';
  }
  out << "  rests on " << report.assumptions_size()
      << " numbers of grade C or set by hand (assumptions in --json)\n";
  return out.str();
}

}  // namespace reticle::study
