#include <iostream>
#include <memory>

#include "cli/commands.h"
#include "cli/context.h"
#include "schema/errors.h"
#include "study/trace/chrome_convert.h"
#include "study/trace/trace_info.h"

namespace reticle::cli {

namespace {

struct Options {
  std::string in;
  std::string out;
  std::string format = "chrome";
  bool json = false;
};

void info(const Options& options) {
  const study::TraceInfo info = study::trace_info(options.in);
  print_result(options.json ? study::to_json(info).dump(2) + "\n" : study::to_text(info));
}

void convert(const Options& options) {
  const std::string notice = study::convert_trace(options.in, options.format, options.out);
  if (!notice.empty()) {
    std::cerr << "reticle: warning: " << notice << '\n';
  }
}

}  // namespace

void add_trace(CLI::App& app) {
  CLI::App* trace = app.add_subcommand("trace", "What is in a trace, and other formats of it");
  trace->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  CLI::App* show = trace->add_subcommand("info", "Tracks, kernels, counters and totals");
  show->add_option("file", options->in, "Trace (.rtrace)")->required();
  show->add_flag("--json", options->json, "Print one JSON object on standard output");
  show->callback([options] { info(*options); });
  CLI::App* to = trace->add_subcommand("convert", "Write a trace for other viewers");
  to->add_option("file", options->in, "Trace (.rtrace)")->required();
  to->add_option("out", options->out, "File to write")->required();
  to->add_option("--to", options->format, "Format: chrome")->capture_default_str();
  to->callback([options] { convert(*options); });
  CLI::App* replay = trace->add_subcommand("replay", "not yet");
  replay->allow_extras();
  replay->callback([] { throw UsageError("trace replay: not yet"); });
}

}  // namespace reticle::cli
