#include <iostream>
#include <memory>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/replay_command.h"
#include "schema/errors.h"
#include "study/retarget/estimates.h"
#include "study/trace/profile_info.h"
#include "study/trace/read_recording.h"
#include "study/trace/trace_convert.h"
#include "study/trace/trace_info.h"
#include "study/trace/trace_kind.h"

namespace reticle::cli {

namespace {

struct Options {
  std::string in;
  std::string out;
  std::string format = "chrome";
  std::string model;
  bool json = false;
};

template <class Info>
void print(const Info& info, bool json) {
  print_result(json ? study::to_json(info).dump(2) + "\n" : study::to_text(info));
}

void profile(const Options& options) {
  const traces::Recording recording = study::read_recording(options.in);
  study::ProfileInfo info = study::profile_info(recording, options.in);
  study::add_estimates(recording, read_model(open_catalog({}), options.model), info);
  print(info, options.json);
}

void info(const Options& options) {
  switch (study::trace_kind(options.in)) {
    case study::TraceKind::kRtrace:
      return print(study::trace_info(options.in), options.json);
    case study::TraceKind::kJson:
    case study::TraceKind::kPerfetto:
      return profile(options);
    case study::TraceKind::kChakra:
      throw UsageError(options.in +
                       ": a Chakra trace has no times to sum up (reticle trace replay)");
  }
}

void convert(const Options& options) {
  const std::string warning = study::convert(options.in, options.format, options.out);
  if (!warning.empty()) {
    std::cerr << "reticle: warning: " << warning << '\n';
  }
}

}  // namespace

void add_trace(CLI::App& app) {
  CLI::App* trace = app.add_subcommand("trace", "What is in a trace, other formats of it, replay");
  trace->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  CLI::App* show = trace->add_subcommand("info", "Kernels by class, streams, overlap, totals");
  show->add_option("file", options->in,
                   "Trace: .rtrace, Chrome/Kineto JSON (plain or gzip), Perfetto")
      ->required();
  show->add_option("--model", options->model,
                   "Model whose widths grids do not tell, for operations and bytes");
  show->add_flag("--json", options->json, "Print one JSON object on standard output");
  show->callback([options] { info(*options); });
  CLI::App* to = trace->add_subcommand("convert", "Write a trace in another format");
  to->add_option("file", options->in,
                 "Trace: .rtrace, Chrome/Kineto JSON (plain or gzip), Perfetto")
      ->required();
  to->add_option("out", options->out, "File to write")->required();
  to->add_option("--to", options->format, "Format: chrome, perfetto, rtrace, chakra")
      ->capture_default_str();
  to->callback([options] { convert(*options); });
  add_replay(*trace);
}

}  // namespace reticle::cli
