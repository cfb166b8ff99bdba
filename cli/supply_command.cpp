#include <memory>

#include "cli/commands.h"
#include "cli/context.h"
#include "schema/json.h"
#include "study/claims/claim_study.h"
#include "study/supply/supply_study.h"

namespace reticle::cli {

namespace {

struct Options {
  Common common;
  std::string name;
  uint32_t draws = 0;
};

void add_options(CLI::App& command, Options& options) {
  command
      .add_option("--draws", options.draws, "Draws of the uncertain inputs (default: the file's)")
      ->check(CLI::Range(100, 10000000));
  add_common(command, options.common);
}

void supply(const Options& options) {
  config::Catalog catalog = open_catalog(options.common);
  const study::SupplyInputs inputs = study::load_supply(catalog, options.name);
  catalog.require_all_settings_used();
  const SupplyReport report = study::supply_report(inputs, options.common.seed, options.draws);
  print_result(options.common.json ? to_json(report) + "\n" : study::supply_text(report));
}

void claim(const Options& options) {
  config::Catalog catalog = open_catalog(options.common);
  study::ClaimStudy study(catalog, options.name);
  catalog.require_all_settings_used();
  const ClaimReport report = study.report(options.common.seed, options.draws);
  print_result(options.common.json ? to_json(report) + "\n" : study::claim_text(report));
}

}  // namespace

void add_supply(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "supply", "How many packages can be made year by year, and what holds them back");
  const auto options = std::make_shared<Options>();
  command->add_option("scenario", options->name, "Scenario (reticle list supply)")->required();
  add_options(*command, *options);
  command->callback([options] { supply(*options); });
}

void add_claim(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "claim", "Whether a statement about price, power or supply holds, and how sure that is");
  const auto options = std::make_shared<Options>();
  command->add_option("name", options->name, "Claim (reticle list claims)")->required();
  add_options(*command, *options);
  command->callback([options] { claim(*options); });
}

}  // namespace reticle::cli
