#include "cli/replay_command.h"

#include <memory>

#include "cli/context.h"
#include "schema/errors.h"
#include "study/trace/profile_replay.h"
#include "study/trace/trace_kind.h"
#include "workloads/traces/kineto_reader.h"

namespace reticle::cli {

namespace {

struct Options {
  Common common;
  std::string in;
  std::string system;
};

void replay(const Options& options) {
  if (study::trace_kind(options.in) == study::TraceKind::kJson && options.system.empty()) {
    const study::ProfileReplay result = study::replay_profile(traces::read_kineto(options.in));
    print_result(options.common.json ? to_json(result).dump(2) + "\n" : to_text(result));
    return;
  }
  throw UsageError("trace replay: " + options.in + ": not yet");
}

}  // namespace

void add_replay(CLI::App& trace) {
  CLI::App* command = trace.add_subcommand("replay", "Run a recorded trace again");
  const auto options = std::make_shared<Options>();
  command->add_option("file", options->in, "Chrome/Kineto JSON, or a directory of Chakra .et files")
      ->required();
  command->add_option("--system", options->system, "System (reticle list systems)");
  add_common(*command, options->common);
  command->callback([options] { replay(*options); });
}

}  // namespace reticle::cli
