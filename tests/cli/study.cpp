#include "tests/cli/study.h"

#include <catch2/catch.hpp>

namespace reticle::test {

std::string shipped_study() { return source("configs/studies/910c-vs-h800-decode.yaml"); }

nlohmann::json run_study(const Workspace& workspace, const std::vector<std::string>& settings,
                         const std::vector<std::string>& options) {
  std::vector<std::string> arguments = {"run", shipped_study(), "--json", "--out",
                                        (workspace / "out").string()};
  for (const std::string& setting : settings) {
    arguments.insert(arguments.end(), {"--set", setting});
  }
  arguments.insert(arguments.end(), options.begin(), options.end());
  const Outcome outcome = run(workspace, arguments);
  INFO(outcome.err);
  REQUIRE(outcome.status == 0);
  REQUIRE(outcome.err.empty());
  return nlohmann::json::parse(outcome.out);
}

nlohmann::json scenario(const nlohmann::json& result, const std::string& name) {
  for (const nlohmann::json& one : result.at("scenarios")) {
    if (one.at("name") == name) {
      return one;
    }
  }
  FAIL("no scenario " << name);
  return {};
}

}  // namespace reticle::test
