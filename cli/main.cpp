#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "cli/commands.h"
#include "cli/interrupt.h"
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

int run(int argc, char** argv) {
  CLI::App app{"Reticle: throughput, energy and cost of AI accelerators that need not exist yet"};
  app.set_version_flag("--version", RETICLE_VERSION);
  app.require_subcommand(1);
  reticle::cli::add_run(app);
  reticle::cli::add_kernel(app);
  reticle::cli::add_collective(app);
  reticle::cli::add_trace(app);
  reticle::cli::add_list(app);
  reticle::cli::add_docs(app);
  reticle::cli::add_postponed(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  reticle::cli::catch_interrupts();
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
