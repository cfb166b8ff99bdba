#pragma once

#include <CLI/CLI.hpp>

namespace reticle::cli {

// `trace replay`, below `trace`.
void add_replay(CLI::App& trace);

}  // namespace reticle::cli
