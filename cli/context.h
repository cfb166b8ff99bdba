#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "models/kernels/store.h"
#include "schema/config/catalog.h"
#include "schema/kernel.pb.h"

namespace reticle::cli {

// Options that commands share (design section 5, "Common options").
struct Common {
  bool json = false;
  std::uint64_t seed = 1;
  std::vector<std::string> settings;  // --set PATH=VALUE
  std::string fidelity = "cycle";
  bool no_store = false;
};

// Adds the shared options to a command.
void add_common(CLI::App& command, Common& common);

// `more` settings come on top of the user's.
config::Catalog open_catalog(const Common& common, const std::vector<config::Setting>& more = {});
kernels::Store open_store(const Common& common);
Fidelity fidelity(const Common& common);  // UsageError for a word that is neither cycle nor fast

// Tells why the store could not be written, if it could not.
void report_store(const kernels::Store& store);

// "key=value" words of an operator. UsageError without '='.
std::vector<std::pair<std::string, std::string>> split_assignments(
    const std::vector<std::string>& words);

// Prints a result and makes sure it arrived: OutputError if standard output is full or closed.
void print_result(const std::string& text);

// A message on standard error, overwritten by the next one on a terminal.
void show_progress(const std::string& text);
void end_progress();

}  // namespace reticle::cli
