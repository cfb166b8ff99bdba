#include "study/cost/evaluation.h"

#include "models/economics/build.h"

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
  e.hour_build = economics::build_usd_per_hour(d, plan) / packages;
  e.hour_price = economics::price_usd_per_hour(d) / packages;
  e.hour_rental = economics::rental_usd_per_hour(d) / packages;
}

void add_carbon(const Chip& chip, const Process& process, const economics::BuiltPackage& built,
                Evaluation& e) {
  e.die_carbon = economics::die_carbon(chip.die(), process, built.die.yield);
  const Package& package = chip.package();
  e.package_carbon = (package.dies() * e.die_carbon + package.carbon() +
                      package.hbm_stacks() * package.hbm_stack_carbon()) /
                     e.assembly_yield;
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
  add_carbon(chip, process, built, e);
  if (subject.has_machine) {
    add_machine(subject, plan, built.cost, e);
  }
  return e;
}

std::string headline_name(const CostSubject& subject) {
  if (subject.is_system) {
    return "server.usd";
  }
  return subject.machine.chip.message.has_package() ? "package.usd" : "die.usd_per_good_die";
}

double headline(const CostSubject& subject, const Evaluation& e) {
  if (subject.is_system) {
    return e.server;
  }
  return subject.machine.chip.message.has_package() ? e.package : e.good_die;
}

}  // namespace reticle::study
