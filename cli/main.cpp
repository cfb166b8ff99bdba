#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "schema/config/suggest.h"
#include "schema/errors.h"

// Debian's SystemC library holds a main that calls this; ours comes first.
extern "C" int sc_main(int, char**) { return 0; }

namespace {

constexpr int kUsage = 2;
constexpr int kUnfinished = 5;
constexpr int kSignalBase = 128;

int fail(int status, const std::string& what) {
  std::cerr << "reticle: " << what << std::endl;
  return status;
}

// CLI11 would only say that a subcommand is missing.
void require_known_command(const CLI::App& app, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    names.push_back(command->get_name());
  }
  const bool option = word.rfind('-', 0) == 0;
  const bool known = option ? app.get_option_no_throw(word) != nullptr
                            : std::find(names.begin(), names.end(), word) != names.end();
  if (!known) {
    const std::string what = word.empty()
                                 ? "a command is missing"
                                 : (option ? "unknown option `" : "unknown command `") + word + "`";
    throw reticle::UsageError(what + " (" + reticle::config::suggestion(word, names, "commands") +
                              ")");
  }
}

int run(int argc, char** argv) {
  CLI::App app{"Reticle: throughput, energy and cost of AI accelerators that need not exist yet"};
  app.set_version_flag("--version", RETICLE_VERSION);
  app.require_subcommand(1);
  reticle::cli::add_run(app);
  reticle::cli::add_explain(app);
  reticle::cli::add_kernel(app);
  reticle::cli::add_collective(app);
  reticle::cli::add_cost(app);
  reticle::cli::add_supply(app);
  reticle::cli::add_claim(app);
  reticle::cli::add_trace(app);
  reticle::cli::add_list(app);
  reticle::cli::add_docs(app);
  reticle::cli::add_validate(app);
  reticle::cli::add_postponed(app);
  require_known_command(app, argc > 1 ? argv[1] : "");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const reticle::cli::Interrupted& stop) {
    return fail(kSignalBase + stop.signal, "interrupted; what was finished is kept");
  } catch (const reticle::Error& error) {
    return fail(error.exit_status(), error.what());
  } catch (const std::exception& error) {
    return fail(kUnfinished, std::string("internal error: ") + error.what());
  }
}
