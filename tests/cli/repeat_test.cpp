// Run again: the same bytes, from the store or without it; and traces that say what the result
// says.
#include <catch2/catch.hpp>
#include <set>

#include "tests/cli/study.h"

namespace reticle::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const std::vector<std::string> kFiles = {"result.json", "910c/trace.rtrace", "h800/trace.rtrace"};

std::vector<std::string> bytes(const Workspace& workspace) {
  std::vector<std::string> all;
  for (const std::string& file : kFiles) {
    all.push_back(read_file(workspace / ("out/" + file)));
    REQUIRE_FALSE(all.back().empty());
  }
  return all;
}

std::set<std::string> files(const fs::path& folder) {
  std::set<std::string> all;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      all.insert(fs::relative(entry.path(), folder).string());
    }
  }
  return all;
}

}  // namespace

TEST_CASE("the same seed gives the same bytes, simulated, from the store and without one") {
  const Workspace workspace;
  run_study(workspace);
  const std::vector<std::string> first = bytes(workspace);
  const std::set<std::string> kernels = files(workspace.store());
  CHECK(kernels.size() > 20);
  CHECK(files(workspace / "out") == std::set<std::string>{"910c/trace.rtrace", "h800/trace.rtrace",
                                                          "manifest.json", "result.json"});

  run_study(workspace);
  CHECK(bytes(workspace) == first);
  CHECK(files(workspace.store()) == kernels);  // nothing was simulated

  fs::remove_all(workspace.store());
  run_study(workspace, {}, {"--no-store"});
  CHECK(bytes(workspace) == first);
  CHECK_FALSE(fs::exists(workspace.store()));

  const Json manifest = Json::parse(read_file(workspace / "out/manifest.json"));
  CHECK(manifest.at("study") == "910c-vs-h800-decode");
  CHECK(manifest.at("seed") == 1);
}

TEST_CASE("another seed moves the quantiles of cost and carbon and nothing else") {
  const Workspace workspace(Store::kShared);
  Json one = run_study(workspace);
  Json two = run_study(workspace, {}, {"--seed", "2"});
  CHECK(two.at("seed") == 2);
  for (std::size_t i = 0; i < one.at("scenarios").size(); ++i) {
    for (const char* basis : {"build", "price"}) {
      const auto p50 = [&](const Json& result) -> double {
        return result.at("scenarios")
            .at(i)
            .at("cost")
            .at(basis)
            .at("usd_per_million_tokens")
            .at("p50");
      };
      CHECK(p50(one) != p50(two));
      CHECK(p50(one) == Approx(p50(two)).epsilon(0.02));
    }
  }
  for (Json* result : {&one, &two}) {
    result->erase("seed");
    result->erase("comparisons");  // of the draws
    for (Json& scenario : result->at("scenarios")) {
      scenario.erase("cost");
      scenario.erase("carbon");
    }
  }
  CHECK(one == two);
}

TEST_CASE("a damaged store costs time, not the answer") {
  const Workspace workspace;
  run_study(workspace);
  const std::vector<std::string> first = bytes(workspace);
  int damaged = 0;
  for (const std::string& file : files(workspace.store())) {
    workspace.file("store/" + file, damaged++ % 2 == 0 ? "" : "no kernel");
  }
  REQUIRE(damaged > 20);
  run_study(workspace);
  CHECK(bytes(workspace) == first);
}

TEST_CASE("the trace tells the step the result tells") {
  const Workspace workspace(Store::kShared);
  const Json result = run_study(workspace);
  for (const char* name : {"910c", "h800"}) {
    const std::string trace = (workspace / ("out/" + std::string(name) + "/trace.rtrace")).string();
    const Outcome info = run(workspace, {"trace", "info", trace, "--json"});
    REQUIRE(info.status == 0);
    const Json json = Json::parse(info.out);
    const Json throughput = scenario(result, name).at("throughput");
    const double host_us = throughput.at("parts").at("host_ms").at("value").get<double>() * 1e3;
    const double step_us = throughput.at("step_time_ms").get<double>() * 1e3;
    CHECK(json.at("start_us").get<double>() >= 0);
    CHECK(json.at("end_us").get<double>() == Approx(step_us - host_us).epsilon(1e-7));
    CHECK(json.at("properties").at("scenario") == name);
    CHECK(json.at("ranks") == 1);
    for (const Json& track : json.at("tracks")) {
      CHECK(track.at("busy_us").get<double>() <= json.at("end_us").get<double>());
    }

    const std::string chrome = (workspace / "chrome.json").string();
    REQUIRE(run(workspace, {"trace", "convert", trace, chrome}).status == 0);
    const Json converted = Json::parse(read_file(chrome));
    std::size_t slices = 0;
    for (const Json& event : converted.at("traceEvents")) {
      slices += event.at("ph") == "X" ? 1 : 0;
    }
    CHECK(slices == json.at("slices"));
  }
  const Outcome full = run(
      workspace, {"trace", "convert", (workspace / "out/h800/trace.rtrace").string(), "/dev/full"});
  CHECK(full.status == 5);
  CHECK(full.err == "reticle: cannot write /dev/full: No space left on device\n");
}

}  // namespace reticle::test
