#pragma once

#include <string>

#include "schema/chip.pb.h"
#include "schema/config/catalog.h"
#include "schema/software.pb.h"
#include "schema/system.pb.h"

namespace reticle::cli {

// A chip that runs kernels and its software stack, the subject of a command: bare `chip.` and
// `software.` paths of --set mean them. `stack` empty: the chip's own.
struct ChipSubject {
  Chip chip;
  Software software;
};
ChipSubject chip_subject(config::Catalog& catalog, const std::string& chip,
                         const std::string& stack);

// A system, the package it is built of, and what one of its ranks is.
struct SystemSubject {
  System system;
  Chip package;
  ChipSubject rank;
  std::int64_t ranks_per_package = 1;
};
SystemSubject system_subject(config::Catalog& catalog, const std::string& system,
                             const std::string& stack);

}  // namespace reticle::cli
