#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/context.h"
#include "schema/config/assign.h"
#include "schema/config/reference.h"
#include "schema/operator.pb.h"

namespace reticle::cli {

namespace {

std::vector<std::string> names(const std::string& kind, const Common& common) {
  if (kind != "ops") {
    return open_catalog(common).names(kind);
  }
  std::vector<std::string> all = config::op_names(*Operator::descriptor());
  const std::vector<std::string> collectives = config::op_names(*CollectiveOperator::descriptor());
  all.insert(all.end(), collectives.begin(), collectives.end());
  return all;
}

void list(const std::string& kind, const Common& common) {
  const std::vector<std::string> found = names(kind, common);
  std::string text;
  for (const std::string& name : found) {
    text += name + "\n";
  }
  print_result(common.json ? nlohmann::json({{kind, found}}).dump() + "\n" : text);
}

}  // namespace

void add_list(CLI::App& app) {
  CLI::App* command = app.add_subcommand("list", "Names that other commands take");
  const auto kind = std::make_shared<std::string>();
  const auto common = std::make_shared<Common>();
  command->add_option("kind", *kind, "What to list")
      ->required()
      ->check(CLI::IsMember({"chips", "systems", "models", "software", "processes", "sites",
                             "supply", "claims", "studies", "ops"}));
  command->add_flag("--json", common->json, "Print one JSON object");
  command->callback([kind, common] { list(*kind, *common); });
}

void add_docs(CLI::App& app) {
  CLI::App* command = app.add_subcommand("docs", "Reference pages made from the schema");
  const auto page = std::make_shared<std::string>();
  command->add_option("page", *page, "config: every key with unit, range and default")
      ->required()
      ->check(CLI::IsMember({"config"}));
  // The option writes to `page`, which must live as long as the command.
  command->callback([page] { print_result(config::config_reference()); });
}

}  // namespace reticle::cli
