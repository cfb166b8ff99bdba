#pragma once

#include <CLI/CLI.hpp>

namespace reticle::cli {

// Each adds one command with its options; its callback runs it and throws reticle::Error or
// Interrupted.
void add_kernel(CLI::App& app);
void add_collective(CLI::App& app);
void add_run(CLI::App& app);
void add_explain(CLI::App& app);
void add_trace(CLI::App& app);
void add_cost(CLI::App& app);
void add_supply(CLI::App& app);
void add_claim(CLI::App& app);
void add_list(CLI::App& app);
void add_docs(CLI::App& app);
void add_validate(CLI::App& app);

// Commands of the contract that later issues bring: they say so and exit with 2.
void add_postponed(CLI::App& app);

}  // namespace reticle::cli
