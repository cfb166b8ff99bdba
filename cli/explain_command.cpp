#include <memory>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/interrupt.h"
#include "schema/config/catalog.h"
#include "schema/errors.h"
#include "schema/json.h"
#include "study/explain/explain.h"
#include "study/run/output.h"

namespace reticle::cli {

namespace {

namespace fs = std::filesystem;

struct Options {
  Common common;
  std::string subject;
  std::size_t inputs = 15;
  double step = 0.1;
};

// A run's folder stands for its study and its settings; the settings typed here come on top.
study::Request request_of(const Options& options) {
  const fs::path path = options.subject;
  study::Request request{path, {}};
  if (fs::is_directory(path)) {
    request = fs::exists(path / "study.yaml") ? study::Request{path / "study.yaml", {}}
                                              : study::read_request(path);
  }
  if (!fs::exists(request.study)) {
    throw UsageError(request.study.string() + ": no such file (reticle list studies)");
  }
  request.settings.insert(request.settings.end(), options.common.settings.begin(),
                          options.common.settings.end());
  return request;
}

void explain(const Options& options) {
  catch_interrupts();
  const study::Request request = request_of(options);
  kernels::Store store = open_store(options.common);
  const auto open = [&](const std::vector<config::Setting>& more) {
    Common common = options.common;
    common.settings = request.settings;
    return open_catalog(common, more);
  };
  const ExplainResult result = study::explain_study(
      open, request.study, {options.inputs, options.step, fidelity(options.common)}, store,
      [](const std::string& doing) {
        require_not_interrupted();
        show_progress(doing);
      });
  end_progress();
  print_result(options.common.json ? to_json(result) + "\n" : study::explanation(result));
  report_store(store);
}

}  // namespace

void add_explain(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "explain", "Critical path of a study's steps, and what their throughput hangs on");
  const auto options = std::make_shared<Options>();
  command->add_option("subject", options->subject, "STUDY.yaml, or the folder of a run")
      ->required();
  command->add_option("--inputs", options->inputs, "Elasticities shown; 0: none is computed")
      ->capture_default_str();
  command->add_option("--step", options->step, "Relative change of an input")
      ->check(CLI::Range(0.001, 9.0))
      ->capture_default_str();
  add_common(*command, options->common);
  command->callback([options] { explain(*options); });
}

}  // namespace reticle::cli
