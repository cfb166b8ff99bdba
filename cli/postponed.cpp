#include "cli/commands.h"
#include "schema/errors.h"

namespace reticle::cli {

void add_postponed(CLI::App& app) {
  for (const char* name : {"sweep", "report", "compare"}) {
    CLI::App* command = app.add_subcommand(name, "not yet");
    command->allow_extras();
    command->callback([name] { throw UsageError(std::string(name) + ": not yet"); });
  }
}

}  // namespace reticle::cli
