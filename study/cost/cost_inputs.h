#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/economics/deployment.h"
#include "schema/config/catalog.h"

namespace reticle::study {

// What `reticle cost NAME` is about: a chip, or a system with its chip.
struct CostSubject {
  std::string name;
  bool is_system = false;
  // Chip and process are always there; system and site if `has_machine`. All packages of the
  // system.
  economics::Deployment machine;
  bool has_machine = false;
  bool has_site = false;
  std::vector<std::string> systems;  // that are built of the chip, by name
};

struct CostChoice {
  std::string name;
  std::string system;           // of a chip: the machine it is priced in; "": the first built of it
  std::string site;             // "": the system's
  std::optional<double> power;  // W a package; else its power cap
};

// UsageError: neither a chip nor a system (with what there is); ConfigError: what the configs say.
CostSubject load_subject(config::Catalog& catalog, const CostChoice& choice);

}  // namespace reticle::study
