#include "study/claims/claim_inputs.h"

#include <algorithm>
#include <stdexcept>

#include "schema/config/fields.h"
#include "schema/config/settings.h"
#include "schema/errors.h"
#include "study/cost/evaluation.h"

namespace reticle::study {

namespace {

// What of a year a claim may ask for; nullptr: no such figure.
std::function<double(const YearOutcome&)> figure_of(const SupplyYear& year,
                                                    const std::string& name) {
  if (name == "packages") {
    return [](const YearOutcome& y) { return y.supply.packages; };
  }
  if (name == "logic") {
    return [](const YearOutcome& y) { return y.supply.logic; };
  }
  if (name == "hbm") {
    return [](const YearOutcome& y) { return y.supply.hbm; };
  }
  for (int i = 0; i < year.demands_size(); ++i) {
    if (name == "demand." + year.demands(i).name()) {
      return [i](const YearOutcome& y) { return y.demands[static_cast<std::size_t>(i)]; };
    }
  }
  return nullptr;
}

// What of a subject's modelled cost a claim may ask for; nullptr: no such figure.
double Evaluation::*cost_figure(const std::string& name) {
  return name == "die"       ? &Evaluation::good_die
         : name == "package" ? &Evaluation::package
         : name == "server"  ? &Evaluation::server
                             : nullptr;
}

// The grade that a figure made of many numbers deserves.
std::string worst_grade(const config::Provenance& provenance) {
  std::string worst = "A";
  for (const auto& [path, origin] : provenance) {
    worst = std::max(worst, origin.grade);  // "user" is worse than any letter
  }
  return worst;
}

}  // namespace

ClaimInputs::Config& ClaimInputs::config_of(const std::string& kind, const std::string& name) {
  const std::string prefix = kind + "." + name + ".";
  const auto known = configs_.find(prefix);
  if (known != configs_.end()) {
    return known->second;
  }
  const auto keep = [&](auto& list, auto loaded) -> Config& {
    list.push_back(std::move(loaded));
    return configs_
        .emplace(prefix, Config{prefix, &list.back().message, &list.back().provenance, {}})
        .first->second;
  };
  if (kind == "chips") {
    return keep(chips_, catalog_.chip(name));
  }
  if (kind == "systems") {
    return keep(systems_, catalog_.system(name));
  }
  if (kind == "processes") {
    return keep(processes_, catalog_.process(name));
  }
  return keep(sites_, catalog_.site(name));
}

ClaimTerm ClaimInputs::config_term(const std::string& path, const Location& at) {
  const std::string kind = path.substr(0, path.find('.'));
  const std::string rest = config::rest_after(path, kind);
  const std::string name = config::leading_name(rest, catalog_.names(kind));
  if (name.empty()) {
    throw ConfigError(at, "`" + path + "`: no such config in " + kind);
  }
  Config& config = config_of(kind, name);
  const std::string field = config::rest_after(rest, name);
  const auto origin = config.provenance->find(field);
  if (origin == config.provenance->end()) {
    throw ConfigError(at, "`" + path + "`: no such number");
  }
  config.sections.push_back(field);
  const economics::Field found = economics::find_field(*config.message, field);
  ClaimTerm term;
  term.value = [found] {
    return found.message->GetReflection()->GetDouble(*found.message, found.field);
  };
  term.unit = origin->second.unit;
  term.grade = origin->second.grade;
  term.source = origin->second.source;
  term.path = path;
  return term;
}

ClaimTerm ClaimInputs::cost_term(const std::string& path, const Location& at) {
  const std::string rest = config::rest_after(path, "cost");
  std::vector<std::string> names = catalog_.names("chips");
  const std::vector<std::string> systems = catalog_.names("systems");
  names.insert(names.end(), systems.begin(), systems.end());
  const std::string name = config::leading_name(rest, names);
  double Evaluation::*figure = cost_figure(config::rest_after(rest, name));
  if (name.empty() || figure == nullptr) {
    throw ConfigError(at, "`" + path + "`: no such cost", "cost.NAME.die, package or server");
  }
  auto known = built_.find(name);
  if (known == built_.end()) {
    const CostSubject subject = load_subject(catalog_, {name, "", "", {}});
    known = built_
                .emplace(name, Built{subject, economics::checked_plan(subject.machine.chip,
                                                                      *subject.machine.process)})
                .first;
  }
  const Built& built = known->second;
  ClaimTerm term;
  term.value = [&built, figure] { return evaluate(built.subject, built.plan).*figure; };
  term.unit = "USD";
  term.grade = worst_grade(built.subject.machine.process->provenance);
  term.source = "modelled cost of " + name;
  return term;
}

ClaimTerm ClaimInputs::supply_term(const std::string& path, const Location& at) {
  const std::string rest = config::rest_after(path, "supply");
  const std::string name = config::leading_name(rest, catalog_.names("supply"));
  if (name.empty()) {
    throw ConfigError(at, "`" + path + "`: no such supply scenario");
  }
  auto known = scenarios_.find(name);
  if (known == scenarios_.end()) {
    known = scenarios_.emplace(name, load_supply(catalog_, name)).first;
  }
  const SupplyInputs& scenario = known->second;
  const std::string below = config::rest_after(rest, name);
  ClaimTerm term;
  const auto& years = scenario.supply.message.years();
  for (int i = 0; i < years.size(); ++i) {
    if (config::leading_name(below, {years.Get(i).name()}).empty()) {
      continue;
    }
    term.year = years.Get(i).name();
    term.all_limits = config::rest_after(below, term.year) == "packages";
    if (const auto read = figure_of(years.Get(i), config::rest_after(below, term.year))) {
      term.value = [&scenario, read, i] {
        return read(supply_years(scenario)[static_cast<std::size_t>(i)]);
      };
    }
  }
  if (!term.value) {
    throw ConfigError(at, "`" + path + "`: no such figure",
                      "supply.NAME.YEAR.packages, logic, hbm or demand.NAME");
  }
  term.unit = "packages";
  term.grade = worst_grade(scenario.supply.provenance);
  term.source = "supply scenario " + name;
  term.supply = &scenario;
  return term;
}

ClaimTerm ClaimInputs::term(config::Loaded<Claim>& claim, ClaimInput& input) {
  const std::string path = "inputs." + input.name() + ".value";
  const auto origin = claim.provenance.find(path);
  const Location at = origin == claim.provenance.end() ? Location{"claim " + claim.message.name()}
                                                       : origin->second.at;
  if (input.has_value() == !input.path().empty()) {
    throw ConfigError(at, "input `" + input.name() + "` needs either a value or a path");
  }
  ClaimTerm term;
  if (input.has_value()) {
    term.value = [&input] { return input.value(); };
    term.unit = input.unit();
    term.grade = origin->second.grade;
    term.source = origin->second.source;
    term.path = "claims." + claim.message.name() + "." + path;
  } else if (input.path().compare(0, 7, "supply.") == 0) {
    term = supply_term(input.path(), at);
  } else if (input.path().compare(0, 5, "cost.") == 0) {
    term = cost_term(input.path(), at);
  } else {
    const std::string kind = input.path().substr(0, input.path().find('.'));
    const std::vector<std::string> kinds = {"chips", "systems", "processes", "sites"};
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
      throw ConfigError(at, "`" + input.path() +
                                "`: a path begins with chips, systems, processes, "
                                "sites or supply");
    }
    term = config_term(input.path(), at);
  }
  term.name = input.name();
  return term;
}

void ClaimInputs::add_to(economics::UncertainInputs& uncertain, config::Loaded<Claim>& claim) {
  const std::string own = "claims." + claim.message.name() + ".";
  uncertain.add(claim.message, claim.provenance, own, {"inputs."});
  uncertain.correlate(claim.message.uncertainty().correlations(), claim.provenance, own);
  for (auto& [prefix, config] : configs_) {
    uncertain.add(*config.message, *config.provenance, prefix, config.sections);
  }
  for (auto& [name, built] : built_) {
    economics::add_inputs(built.subject.machine, uncertain);
  }
  for (auto& [name, scenario] : scenarios_) {
    add_supply_inputs(scenario, uncertain);
  }
}

}  // namespace reticle::study
