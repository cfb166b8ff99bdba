#include <chrono>
#include <memory>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/interrupt.h"
#include "schema/errors.h"
#include "schema/json.h"
#include "study/run/output.h"
#include "study/run/report.h"
#include "study/run/run_study.h"

namespace reticle::cli {

namespace {

namespace fs = std::filesystem;

struct Options {
  Common common;
  std::string study;
  std::string out;
  bool force = false;
};

// A folder stands for the study.yaml in it.
fs::path study_file(const std::string& name) {
  const fs::path path = name;
  fs::path file = fs::is_directory(path) ? path / "study.yaml" : path;
  if (!fs::exists(file)) {
    throw UsageError(file.string() + ": no such file (reticle list studies)");
  }
  return file;
}

void run(const Options& options) {
  catch_interrupts();
  const auto begin = std::chrono::steady_clock::now();
  config::Catalog catalog = open_catalog(options.common);
  const config::Loaded<Study> study = catalog.open_study(study_file(options.study));
  const fs::path out =
      options.out.empty() ? fs::path("out") / study.message.name() : fs::path(options.out);
  study::check_output(out, study.message.name(), options.force);
  kernels::Store store = open_store(options.common);
  const study::StudyRun result =
      study::run_study(catalog, study, {options.common.seed, fidelity(options.common)}, store,
                       [](const std::string& doing) {
                         require_not_interrupted();
                         show_progress(doing);
                       });
  end_progress();
  require_not_interrupted();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  study::write_output(out, result, {study_file(options.study), options.common.settings},
                      taken.count());
  print_result(options.common.json
                   ? to_json(result.result) + "\n"
                   : study::report(result.result) + "Written to " + out.string() + "\n");
  report_store(store);
}

}  // namespace

void add_run(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("run", "Answer a study: throughput, energy and cost of its scenarios");
  const auto options = std::make_shared<Options>();
  command->add_option("study", options->study, "STUDY.yaml, or a folder with study.yaml")
      ->required();
  command->add_option("--out", options->out, "Folder for results (default out/STUDY)");
  command->add_flag("--force", options->force, "Overwrite another study's result");
  add_common(*command, options->common);
  command->callback([options] { run(*options); });
}

}  // namespace reticle::cli
