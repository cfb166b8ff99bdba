// explain: a run's folder stands for its study and settings.
#include <catch2/catch.hpp>

#include "tests/cli/study.h"

namespace reticle::test {
namespace {

using Json = nlohmann::json;

double shares(const Json& items) {
  double total = 0;
  for (const Json& item : items) {
    total += item.at("share").get<double>();
  }
  return total;
}

}  // namespace

TEST_CASE("explain asks a run again, with its settings, and shares out all of its step") {
  const Workspace workspace(Store::kShared);
  const std::string out = (workspace / "out").string();
  const std::string setting = "scenarios.910c.mtp.acceptance=0.5";
  const Outcome first =
      run(workspace, {"run", shipped_study(), "--out", out, "--json", "--set", setting});
  REQUIRE(first.status == 0);
  const Outcome again = run(workspace, {"explain", out, "--inputs", "0", "--json"});
  CHECK(again.err.empty());
  REQUIRE(again.status == 0);
  const Json explained = Json::parse(again.out);
  CHECK(explained.at("study") == "910c-vs-h800-decode");
  for (const Json& one : explained.at("scenarios")) {
    const Json before = scenario(Json::parse(first.out), one.at("name"));
    CHECK(one.at("tokens_per_s_per_chip") == before.at("throughput").at("tokens_per_s_per_chip"));
    CHECK(shares(one.at("bottlenecks")) == Approx(1));
    CHECK(shares(one.at("critical_path")) == Approx(1));
    CHECK(one.at("elasticities").empty());
  }
}

TEST_CASE("explain needs a study or a run") {
  const Workspace workspace;
  CHECK(run(workspace, {"explain", "nope.yaml"}).err ==
        "reticle: nope.yaml: no such file (reticle list studies)\n");
  const std::filesystem::path empty = workspace / "empty";
  std::filesystem::create_directories(empty);
  const Outcome outcome = run(workspace, {"explain", empty.string()});
  CHECK(outcome.status == 2);
  CHECK(outcome.err ==
        "reticle: " + empty.string() + ": no run in here (manifest.json is missing)\n");
  const std::string old = workspace.file("manifest.json", "{}");
  const std::filesystem::path folder = std::filesystem::path(old).parent_path();
  CHECK(run(workspace, {"explain", folder.string()}).status == 4);
}

}  // namespace reticle::test
