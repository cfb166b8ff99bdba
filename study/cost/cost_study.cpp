#include "study/cost/cost_study.h"

#include <cmath>
#include <vector>

#include "models/economics/build.h"
#include "models/economics/yield_report.h"
#include "schema/config/fields.h"
#include "study/assumed.h"
#include "study/cost/evaluation.h"
#include "study/cost/sensitivity_report.h"

namespace reticle::study {

namespace {

using economics::DiePlan;

constexpr double kCm2 = 1e-4;

// A figure of the report and the draws it is the quantiles of.
struct Column {
  double Evaluation::*figure;
  Quantiles* result;
  std::vector<double> samples;
};

std::vector<Column> columns(const CostSubject& subject, CostReport& report) {
  const Chip& chip = subject.machine.chip.message;
  std::vector<Column> all;
  const auto add = [&](double Evaluation::*figure, Quantiles* result) {
    all.push_back({figure, result, {}});
  };
  DieReport& die = *report.mutable_die();
  add(&Evaluation::die_yield, die.mutable_yield());
  add(&Evaluation::good_die, die.mutable_usd_per_good_die());
  add(&Evaluation::defects_per_cm2, die.mutable_defects_per_cm2());
  add(&Evaluation::escapes, die.mutable_escapes());
  if (subject.machine.process->message.has_carbon()) {
    add(&Evaluation::die_carbon, report.mutable_carbon()->mutable_kg_per_good_die());
  }
  if (!chip.has_package()) {
    return all;
  }
  add(&Evaluation::package, report.mutable_package()->mutable_usd());
  add(&Evaluation::assembly_yield, report.mutable_package()->mutable_assembly_yield());
  if (report.has_carbon()) {
    add(&Evaluation::package_carbon, report.mutable_carbon()->mutable_kg_per_package());
  }
  if (subject.has_machine) {
    add(&Evaluation::server, report.mutable_server()->mutable_usd());
    add(&Evaluation::system, report.mutable_server()->mutable_system_usd());
  }
  if (subject.has_site) {
    HourReport& hour = *report.mutable_hour();
    add(&Evaluation::hour_build, hour.mutable_build());
    if (chip.package().has_price()) {
      add(&Evaluation::hour_price, hour.mutable_price());
    }
    if (chip.package().has_rental()) {
      add(&Evaluation::hour_rental, hour.mutable_rental());
    }
  }
  return all;
}

// Prior of one quoted number: no model is between it and its quantiles.
void quote(const config::Provenance& provenance, const std::string& path, bool present,
           Quantiles* (Quotes::*result)(), CostReport& report) {
  const auto found = provenance.find(path);
  if (!present || found == provenance.end()) {
    return;
  }
  const config::Origin& origin = found->second;
  Quantiles& q = *(report.mutable_quotes()->*result)();
  const bool drawn = economics::varies(origin);
  const auto at = [&](double share) {
    return drawn ? economics::prior_of(origin, origin.value, path).quantile(share) : origin.value;
  };
  q.set_p5(at(0.05));
  q.set_p50(at(0.5));
  q.set_p95(at(0.95));
}

void add_quotes(const CostSubject& subject, CostReport& report) {
  const config::Loaded<Chip>& chip = subject.machine.chip;
  const Package& package = chip.message.package();
  quote(chip.provenance, "package.price", package.has_price(), &Quotes::mutable_package_usd,
        report);
  quote(chip.provenance, "package.network_price", package.has_network_price(),
        &Quotes::mutable_network_usd, report);
  quote(chip.provenance, "package.rental", package.has_rental(),
        &Quotes::mutable_rental_usd_per_hour, report);
  const config::Loaded<System>& system = subject.machine.system;
  quote(system.provenance, "cost.price", system.message.cost().has_price(),
        &Quotes::mutable_system_usd, report);
}

void add_named(google::protobuf::RepeatedPtrField<NamedValue>& list, const std::string& name,
               double value) {
  NamedValue& named = *list.Add();
  named.set_name(name);
  named.set_value(value);
}

void add_die(const CostSubject& subject, const DiePlan& plan, DieReport& report) {
  const Die& die = subject.machine.chip.message.die();
  const Process& process = subject.machine.process->message;
  report.set_process(die.process());
  Quantiles& dies = *report.mutable_dies_per_wafer();
  dies.set_p5(plan.dies_per_wafer);
  dies.set_p50(plan.dies_per_wafer);
  dies.set_p95(plan.dies_per_wafer);
  report.set_partial_dies(static_cast<uint32_t>(
      economics::partial_dies(economics::wafer_grid(die, process), plan.positions).size()));
  report.set_exposures(static_cast<uint32_t>(plan.field.exposures));
  report.set_field_utilisation(plan.field.utilisation);
  if (die.bins_size() == 0 || die.has_reported_yield() || process.layers_size() > 0) {
    return;
  }
  const std::vector<double> shares = economics::die_bins(die, process, plan);
  add_named(*report.mutable_bins(), subject.machine.chip.message.name(), shares[0]);
  double weighted = shares[0];
  for (int i = 0; i < die.bins_size(); ++i) {
    const double share = shares[static_cast<std::size_t>(i) + 1];
    add_named(*report.mutable_bins(), die.bins(i).name(), share);
    weighted += share * die.bins(i).value();
  }
  report.set_revenue_weighted_yield(weighted);
}

void add_reported_yields(const CostSubject& subject, const DiePlan& plan, CostReport& report) {
  const config::Loaded<Chip>& chip = subject.machine.chip;
  const Process& process = subject.machine.process->message;
  const double assembly_yield =
      chip.message.has_package()
          ? economics::assembly_yield(economics::build_package(chip.message, process, plan).bill)
          : 1;
  for (const YieldReport& one : chip.message.die().yield_reports()) {
    ReportedYield& row = *report.mutable_die()->add_reported_yields();
    row.set_name(one.name());
    row.set_yield(one.yield());
    row.set_counts(config::enum_text(*YieldCounts_descriptor()->FindValueByNumber(one.counts())));
    row.set_definition(economics::definition_of(chip.message.die(), one.counts()));
    const auto density =
        economics::implied_density(one, chip.message.die(), process, assembly_yield);
    if (density) {
      row.set_defects_per_cm2(*density * kCm2);
    }
    const auto origin = chip.provenance.find("die.yield_reports." + one.name() + ".yield");
    if (origin != chip.provenance.end()) {
      row.set_grade(origin->second.grade);
      row.set_source(origin->second.source);
    }
  }
}

void add_breakdowns(const CostSubject& subject, const DiePlan& plan, CostReport& report) {
  const Chip& chip = subject.machine.chip.message;
  if (!chip.has_package()) {
    return;
  }
  const economics::BuiltPackage built =
      economics::build_package(chip, subject.machine.process->message, plan);
  auto& package = *report.mutable_package();
  add_named(*package.mutable_breakdown(), "dies", built.cost.dies);
  add_named(*package.mutable_breakdown(), "hbm", built.cost.hbm);
  add_named(*package.mutable_breakdown(), "interposer", built.cost.interposer);
  add_named(*package.mutable_breakdown(), "substrate_and_test", built.cost.substrate_and_test);
  package.set_usd_at_modes(built.cost.total());
  report.mutable_margins()->set_chip_maker_usd(built.cost.total() * chip.package().markup());
  if (!subject.has_machine) {
    return;
  }
  const System& system = subject.machine.system.message;
  const economics::MachineBill bill =
      economics::build_machine(built.cost, system.cost(), system.packages_per_node(), 1);
  auto& server = *report.mutable_server();
  server.set_system(system.name());
  add_named(*server.mutable_breakdown(), "dies", bill.dies);
  add_named(*server.mutable_breakdown(), "hbm", bill.hbm);
  add_named(*server.mutable_breakdown(), "packaging_and_test", bill.packaging_and_test);
  add_named(*server.mutable_breakdown(), "boards", bill.boards);
  add_named(*server.mutable_breakdown(), "host", bill.host);
  add_named(*server.mutable_breakdown(), "network", bill.network);
  server.set_usd_at_modes(bill.total());
  report.mutable_margins()->set_integrator_usd(bill.total() * system.cost().markup());
}

// Bose-Einstein's density is that of one layer; the density of the whole die raised to the number
// of layers is a known mistake.
void add_warnings(const CostSubject& subject, CostReport& report) {
  const Die& die = subject.machine.chip.message.die();
  const Process& process = subject.machine.process->message;
  const double defects = process.critical_layers() * process.defect_density() * die.width() *
                         die.height() * process.critical_area_ratio();
  if (process.yield_law() == YIELD_LAW_BOSE_EINSTEIN && defects > 3) {
    report.add_warnings("bose_einstein: " + std::to_string(defects) +
                        " defects a die; defect_density must be that of one layer");
  }
}

void add_assumptions(const CostSubject& subject, CostReport& report) {
  const economics::Deployment& d = subject.machine;
  std::vector<Assumption> all;
  collect(all, d.chip.provenance, "die.", "chips." + d.chip.message.name() + ".");
  collect(all, d.chip.provenance, "package.", "chips." + d.chip.message.name() + ".");
  collect(all, d.process->provenance, "", "processes." + d.process->message.name() + ".");
  if (subject.has_machine) {
    collect(all, d.system.provenance, "cost.", "systems." + d.system.message.name() + ".");
    collect(all, d.system.provenance, "power.", "systems." + d.system.message.name() + ".");
  }
  if (subject.has_site) {
    collect(all, d.site.provenance, "", "sites." + d.site.message.name() + ".");
  }
  *report.mutable_assumptions() = sorted(all);
}

}  // namespace

CostReport cost_report(const CostSubject& asked, const CostOptions& options) {
  CostSubject subject = asked;  // the draws overwrite its uncertain numbers
  const DiePlan plan = economics::checked_plan(subject.machine.chip, *subject.machine.process);
  CostReport report;
  report.set_subject(subject.name);
  report.set_seed(options.seed);
  report.set_draws(options.draws);
  add_die(subject, plan, *report.mutable_die());
  add_reported_yields(subject, plan, report);
  add_breakdowns(subject, plan, report);
  report.mutable_systems()->Add(subject.systems.begin(), subject.systems.end());
  std::vector<Column> all = columns(subject, report);
  economics::UncertainInputs inputs(options.seed);
  economics::add_inputs(subject.machine, inputs);
  inputs.sample(options.draws, [&] {
    const Evaluation e = evaluate(subject, plan);
    for (Column& column : all) {
      column.samples.push_back(e.*column.figure);
    }
  });
  for (const Column& column : all) {
    *column.result = economics::quantiles(column.samples);
  }
  add_quotes(subject, report);
  if (subject.has_site) {
    report.mutable_hour()->set_site(subject.machine.site.message.name());
    report.add_warnings("hour: " + std::to_string(std::lround(subject.machine.watts_per_package)) +
                        " W a package assumed, as no workload is simulated here (--power)");
  }
  if (report.has_carbon()) {
    report.mutable_carbon()->set_hbm_included(
        subject.machine.chip.message.package().has_hbm_stack_carbon());
  }
  report.set_sensitivity_of(headline_name(subject));
  const auto result = [&](const std::string& name) {
    return
        [&subject, &plan, figure = figure_named(name)] { return evaluate(subject, plan).*figure; };
  };
  if (options.sensitivity) {
    add_sensitivity(inputs, result(headline_name(subject)), options.seed, report);
  }
  if (options.question) {
    const std::string& asked_figure = options.question->figure;
    const std::string figure = asked_figure.empty() ? headline_name(subject) : asked_figure;
    answer(*options.question, subject, result(figure), report);
    report.mutable_inversion()->set_result(figure);
    if (figure == "die.yield") {
      report.mutable_inversion()->set_definition(
          economics::definition_of(subject.machine.chip.message.die(), YIELD_COUNTS_SELLABLE));
    }
  }
  add_warnings(subject, report);
  add_assumptions(subject, report);
  return report;
}

}  // namespace reticle::study
