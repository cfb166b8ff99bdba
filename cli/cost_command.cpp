#include <memory>

#include "cli/commands.h"
#include "cli/context.h"
#include "schema/errors.h"
#include "schema/json.h"
#include "study/cost/cost_study.h"
#include "study/cost/wafer_map.h"
#include "study/files.h"

namespace reticle::cli {

namespace {

struct Options {
  Common common;
  study::CostChoice choice;
  uint32_t draws = 10000;
  double power = 0;
  std::string solve;
  std::string figure;
  double target = 0;
  std::string wafer_map;
};

study::CostOptions cost_options(const Options& options) {
  study::CostOptions chosen;
  chosen.seed = options.common.seed;
  chosen.draws = options.draws;
  if (options.solve.empty() != (options.target == 0)) {
    throw UsageError("--solve PATH and --target VALUE belong together");
  }
  if (!options.figure.empty() && options.solve.empty()) {
    throw UsageError("--of FIGURE belongs to --solve PATH");
  }
  if (!options.solve.empty()) {
    chosen.question = {options.solve, options.target, options.figure};
  }
  return chosen;
}

void write_wafer_map(const study::CostSubject& subject, const Options& options) {
  const Die& die = subject.machine.chip.message.die();
  const Process& process = subject.machine.process->message;
  const economics::DiePlan plan =
      economics::checked_plan(subject.machine.chip, *subject.machine.process);
  if (plan.positions.empty() || process.layers_size() > 0 ||
      process.yield_law() == YIELD_LAW_MOORE) {
    throw UsageError("--wafer-map: this process does not say where dies and defects are");
  }
  study::write_whole(
      options.wafer_map,
      study::wafer_svg(die, process, study::sample_wafer(die, process, plan, options.common.seed)));
}

void run(const Options& options) {
  config::Catalog catalog = open_catalog(options.common);
  study::CostChoice choice = options.choice;
  if (options.power > 0) {
    choice.power = options.power;
  }
  const study::CostSubject subject = study::load_subject(catalog, choice);
  catalog.require_all_settings_used();
  const CostReport report = study::cost_report(subject, cost_options(options));
  if (!options.wafer_map.empty()) {
    write_wafer_map(subject, options);
  }
  print_result(options.common.json ? to_json(report) + "\n" : study::cost_text(report));
}

}  // namespace

void add_cost(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "cost", "What a die, a package and a server cost to make, and how sure that is");
  const auto options = std::make_shared<Options>();
  command->add_option("name", options->choice.name, "Chip or system (reticle list chips|systems)")
      ->required();
  command->add_option("--system", options->choice.system,
                      "Server a chip is put in (default: the first built of it)");
  command->add_option("--site", options->choice.site,
                      "Where it runs (reticle list sites; the system names its default)");
  command->add_option("--draws", options->draws, "Draws of the uncertain inputs")
      ->capture_default_str()
      ->check(CLI::Range(100, 10000000));
  command->add_option("--power", options->power, "Average W a package (default: its power cap)")
      ->check(CLI::Range(1.0, 1e6));
  command->add_option("--solve", options->solve, "Config path whose value --target asks for");
  command->add_option("--target", options->target, "Value the figure shall have")
      ->check(CLI::PositiveNumber);
  command->add_option(
      "--of", options->figure,
      "Figure that --target is of: die.yield, package.usd, hour.build, ... (default: "
      "the headline)");
  command->add_option("--wafer-map", options->wafer_map, "Write one wafer as a picture (SVG)");
  add_common(*command, options->common);
  command->callback([options] { run(*options); });
}

}  // namespace reticle::cli
