#include "cli/subject.h"

#include "models/systems/machine.h"
#include "study/kernel/kernel_study.h"

namespace reticle::cli {

ChipSubject chip_subject(config::Catalog& catalog, const std::string& chip,
                         const std::string& stack) {
  ChipSubject subject;
  catalog.set_subject("chips", chip);
  subject.chip = catalog.chip(chip).message;
  study::require_rank_chip(subject.chip);
  const std::string name = study::software_stack(subject.chip, stack);
  catalog.set_subject("software", name);
  subject.software = catalog.software(name).message;
  return subject;
}

SystemSubject system_subject(config::Catalog& catalog, const std::string& system,
                             const std::string& stack) {
  SystemSubject subject;
  catalog.set_subject("systems", system);
  subject.system = catalog.system(system).message;
  subject.rank = chip_subject(catalog, subject.system.rank_chip(), stack);
  subject.package = catalog.chip(subject.system.chip()).message;
  subject.ranks_per_package = systems::ranks_per_package(subject.package);
  return subject;
}

}  // namespace reticle::cli
