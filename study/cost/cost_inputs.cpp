#include "study/cost/cost_inputs.h"

#include <algorithm>

#include "models/systems/machine.h"
#include "schema/config/suggest.h"
#include "schema/errors.h"

namespace reticle::study {

namespace {

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> systems_of(const config::Catalog& catalog, const std::string& chip) {
  std::vector<std::string> systems;
  for (const std::string& name : catalog.names("systems")) {
    if (catalog.system(name).message.chip() == chip) {
      systems.push_back(name);
    }
  }
  return systems;
}

// The first that has a cost (a bench's switch has none), else the first, else "".
std::string priced_system(const config::Catalog& catalog, const std::vector<std::string>& systems) {
  for (const std::string& name : systems) {
    if (catalog.system(name).message.cost().host() > 0) {
      return name;
    }
  }
  return systems.empty() ? "" : systems.front();
}

[[noreturn]] void refuse(const config::Catalog& catalog, const std::string& name) {
  std::vector<std::string> known = catalog.names("chips");
  const std::vector<std::string> systems = catalog.names("systems");
  known.insert(known.end(), systems.begin(), systems.end());
  throw UsageError("no chip or system `" + name + "` (" +
                   config::suggestion(name, known, "there are") + ")");
}

void load_machine(config::Catalog& catalog, const CostChoice& choice, const std::string& system,
                  CostSubject& subject) {
  economics::Deployment& machine = subject.machine;
  catalog.set_subject("systems", system);
  machine.system = catalog.system(system);
  machine.nodes = machine.system.message.nodes();
  machine.packages = machine.nodes * machine.system.message.packages_per_node();
  subject.has_machine = true;
  const std::string site = choice.site.empty() ? machine.system.message.site() : choice.site;
  if (!site.empty()) {
    catalog.set_subject("sites", site);
    machine.site = catalog.site(site);
    subject.has_site = true;
  }
}

double power_of(const CostChoice& choice, const Chip& chip) {
  if (choice.power) {
    return *choice.power;
  }
  // The cap is that of one rank.
  return chip.power().cap() * static_cast<double>(systems::ranks_per_package(chip));
}

}  // namespace

CostSubject load_subject(config::Catalog& catalog, const CostChoice& choice) {
  CostSubject subject;
  subject.name = choice.name;
  subject.is_system = has(catalog.names("systems"), choice.name);
  if (!subject.is_system && !has(catalog.names("chips"), choice.name)) {
    refuse(catalog, choice.name);
  }
  std::string system = subject.is_system ? choice.name : choice.system;
  if (!subject.is_system) {
    subject.systems = systems_of(catalog, choice.name);
  }
  if (system.empty()) {
    system = priced_system(catalog, subject.systems);
  }
  if (!system.empty()) {
    load_machine(catalog, choice, system, subject);
  } else if (!choice.site.empty()) {
    throw UsageError("--site needs a machine: no system is built of " + choice.name);
  }
  economics::Deployment& machine = subject.machine;
  const std::string chip = subject.is_system ? machine.system.message.chip() : choice.name;
  if (subject.has_machine && machine.system.message.chip() != chip) {
    throw UsageError("system `" + system + "` is built of " + machine.system.message.chip() +
                     ", not of " + chip);
  }
  catalog.set_subject("chips", chip);
  machine.chip = catalog.chip(chip);
  const std::string& process = machine.chip.message.die().process();
  catalog.set_subject("processes", process);
  machine.process = catalog.process(process);
  machine.watts_per_package = power_of(choice, machine.chip.message);
  return subject;
}

}  // namespace reticle::study
