#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "schema/config/catalog.h"
#include "schema/model.pb.h"

namespace reticle::cli {

// `trace replay`, below `trace`.
void add_replay(CLI::App& trace);

// What --model names; an empty model for "".
Model read_model(const config::Catalog& catalog, const std::string& name);

}  // namespace reticle::cli
