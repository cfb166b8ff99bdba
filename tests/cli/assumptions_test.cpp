// assumptions[]: the numbers of grade C, and those set by hand, under the paths --set takes.
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>

#include "tests/cli/study.h"

namespace reticle::test {
namespace {

using Json = nlohmann::json;

// The value as a user would write it: a count is no decimal fraction.
std::string as_written(const Json& assumption) {
  const double value = assumption.at("value");
  const std::string unit = assumption.at("unit");
  const bool whole = value == std::floor(value) && value < 1e6;
  return (whole ? std::to_string(static_cast<int>(value)) : Json(value).dump()) +
         (unit.empty() ? "" : " " + unit);
}

}  // namespace

TEST_CASE("assumptions are sorted, of grade C, with their sources") {
  const Workspace workspace(Store::kShared);
  const Json result = run_study(workspace);
  for (const Json& one : result.at("scenarios")) {
    REQUIRE(one.at("assumptions").size() > 10);
    std::string last;
    for (const Json& assumption : one.at("assumptions")) {
      const std::string path = assumption.at("path");
      INFO(path);
      CHECK(last < path);
      last = path;
      CHECK(assumption.at("grade").get<std::string>().substr(0, 1) == "C");
      CHECK_FALSE(assumption.at("source").get<std::string>().empty());
      CHECK(assumption.at("value").is_number());
      CHECK(assumption.at("low").is_null() == assumption.at("high").is_null());
    }
  }
}

TEST_CASE("every assumption can be set, and set to what it is changes nothing but its grade") {
  const Workspace workspace(Store::kShared);
  const Json before = run_study(workspace);
  std::vector<std::string> settings;
  std::map<std::string, Json> stated;
  for (const Json& one : before.at("scenarios")) {
    for (const Json& assumption : one.at("assumptions")) {
      const std::string path = assumption.at("path");
      if (stated.emplace(path, assumption).second) {
        settings.push_back(path + "=" + as_written(assumption));
      }
    }
  }
  const Json after = run_study(workspace, settings);
  std::set<std::string> seen;
  for (const char* name : {"910c", "h800"}) {
    const Json one = scenario(after, name);
    for (const Json& assumption : one.at("assumptions")) {
      const std::string path = assumption.at("path");
      INFO(path);
      REQUIRE(stated.count(path) == 1);
      CHECK(assumption.at("grade") == "user");
      CHECK(assumption.at("source") == "--set");
      CHECK(assumption.at("value") == stated.at(path).at("value"));
      CHECK(assumption.at("unit") == stated.at(path).at("unit"));
      seen.insert(path);
    }
    CHECK(one.at("throughput") == scenario(before, name).at("throughput"));
    CHECK(one.at("energy") == scenario(before, name).at("energy"));
  }
  CHECK(seen.size() == stated.size());
}

TEST_CASE("a number set by hand becomes an assumption, in the scenarios that use it") {
  const Workspace workspace(Store::kShared);
  const std::string path = "chips.h800-sxm.hbm.data_rate";
  const Json result = run_study(workspace, {path + "=5.24 Gb/s"});
  const auto has = [&](const std::string& name) {
    const Json one = scenario(result, name);
    for (const Json& assumption : one.at("assumptions")) {
      if (assumption.at("path") == path) {
        CHECK(assumption.at("grade") == "user");
        CHECK(assumption.at("value") == 5.24e9);
        return true;
      }
    }
    return false;
  };
  CHECK(has("h800"));
  CHECK_FALSE(has("910c"));
}

}  // namespace reticle::test
