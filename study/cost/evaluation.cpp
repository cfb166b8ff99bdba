#include "study/cost/evaluation.h"

#include "models/economics/basis.h"
#include "models/economics/build.h"
#include "schema/errors.h"

namespace reticle::study {

namespace {

constexpr double kPerCm2 = 1e-4;

void add_machine(const CostSubject& subject, const economics::DiePlan& plan,
                 const economics::PackageCost& package, Evaluation& e) {
  const economics::Deployment& d = subject.machine;
  const System& system = d.system.message;
  const auto nodes = static_cast<double>(d.nodes);
  const auto packages = static_cast<double>(d.packages);
  e.system = economics::build_machine(package, system.cost(), packages, nodes).total();
  e.server = e.system / nodes;
  if (!subject.has_site) {
    return;
  }
  e.hour_build = economics::usd_per_hour(d, economics::Basis::kBuild, plan) / packages;
  e.hour_price = economics::usd_per_hour(d, economics::Basis::kPrice, plan) / packages;
  e.hour_rental = economics::usd_per_hour(d, economics::Basis::kRental, plan) / packages;
}

}  // namespace

Evaluation evaluate(const CostSubject& subject, const economics::DiePlan& plan) {
  const Chip& chip = subject.machine.chip.message;
  const Process& process = subject.machine.process->message;
  Evaluation e;
  e.defects_per_cm2 = economics::defects(process).density * kPerCm2;
  if (!chip.has_package()) {
    const economics::DieCost die = economics::die_cost(chip.die(), process, plan);
    e.die_yield = die.yield;
    e.good_die = die.usd_per_good;
    e.escapes = die.escapes;
    e.die_carbon = economics::die_carbon(chip.die(), process, die.yield);
    return e;
  }
  const economics::BuiltPackage built = economics::build_package(chip, process, plan);
  e.die_yield = built.die.yield;
  e.good_die = built.die.usd_per_good;
  e.escapes = built.die.escapes;
  e.assembly_yield = economics::assembly_yield(built.bill);
  e.package = built.cost.total();
  e.die_carbon = economics::die_carbon(chip.die(), process, built.die.yield);
  e.package_carbon = economics::package_carbon(chip, process, built);
  if (subject.has_machine) {
    add_machine(subject, plan, built.cost, e);
  }
  return e;
}

const std::vector<NamedFigure>& named_figures() {
  static const std::vector<NamedFigure> kFigures = {
      {"die.yield", &Evaluation::die_yield},
      {"die.usd_per_good_die", &Evaluation::good_die},
      {"package.assembly_yield", &Evaluation::assembly_yield},
      {"package.usd", &Evaluation::package},
      {"server.usd", &Evaluation::server},
      {"server.system_usd", &Evaluation::system},
      {"hour.build", &Evaluation::hour_build},
      {"hour.price", &Evaluation::hour_price},
      {"hour.rental", &Evaluation::hour_rental},
      {"carbon.kg_per_package", &Evaluation::package_carbon},
  };
  return kFigures;
}

std::string headline_name(const CostSubject& subject) {
  if (subject.is_system) {
    return "server.usd";
  }
  return subject.machine.chip.message.has_package() ? "package.usd" : "die.usd_per_good_die";
}

double Evaluation::*figure_named(const std::string& name) {
  std::string known;
  for (const NamedFigure& figure : named_figures()) {
    if (name == figure.name) {
      return figure.value;
    }
    known += (known.empty() ? "" : ", ") + std::string(figure.name);
  }
  throw UsageError("no figure `" + name + "` (" + known + ")");
}

}  // namespace reticle::study
