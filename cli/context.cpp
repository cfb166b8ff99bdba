#include "cli/context.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "schema/config/settings.h"
#include "schema/errors.h"

namespace reticle::cli {

namespace {

std::filesystem::path config_root() {
  const char* chosen = std::getenv("RETICLE_CONFIGS");
  return chosen == nullptr ? RETICLE_CONFIGS : chosen;
}

}  // namespace

void add_common(CLI::App& command, Common& common) {
  command.add_flag("--json", common.json, "Print one JSON object on standard output");
  command.add_option("--seed", common.seed, "Seed of everything random")->capture_default_str();
  command
      .add_option("--set", common.settings,
                  "Override a config value: PATH=VALUE (repeatable, last wins)")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--fidelity", common.fidelity, "cycle or fast")->capture_default_str();
  command.add_flag("--no-store", common.no_store, "Neither read nor write the kernel store");
}

config::Catalog open_catalog(const Common& common, const std::vector<config::Setting>& more) {
  std::vector<config::Setting> settings;
  for (const std::string& text : common.settings) {
    settings.push_back(config::parse_setting(text));
  }
  settings.insert(settings.end(), more.begin(), more.end());
  return config::Catalog(config_root(), settings);
}

kernels::Store open_store(const Common& common) {
  return kernels::Store(common.no_store ? std::filesystem::path()
                                        : kernels::Store::default_directory());
}

Fidelity fidelity(const Common& common) {
  if (common.fidelity == "cycle") {
    return FIDELITY_CYCLE;
  }
  if (common.fidelity == "fast") {
    return FIDELITY_FAST;
  }
  throw UsageError("--fidelity " + common.fidelity + ": no such fidelity (cycle, fast)");
}

void report_store(const kernels::Store& store) {
  if (!store.warning().empty()) {
    std::cerr << "reticle: warning: " << store.warning() << '\n';
  }
}

std::vector<std::pair<std::string, std::string>> split_assignments(
    const std::vector<std::string>& words) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw UsageError("`" + word + "`: not key=value");
    }
    pairs.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  return pairs;
}

void print_result(const std::string& text) {
  std::cout << text << std::flush;
  if (!std::cout) {
    throw OutputError("standard output: cannot be written (is the disk full, the pipe closed?)");
  }
}

void show_progress(const std::string& text) {
  if (isatty(STDERR_FILENO) != 0) {
    std::cerr << "\r\033[K" << text << std::flush;
  }
}

void end_progress() { show_progress(""); }

}  // namespace reticle::cli
