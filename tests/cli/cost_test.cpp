// cost, supply and claim: the keys of their JSON, exit statuses, and nonsense refused at its line.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/cli/configs.h"

namespace reticle::test {
namespace {

using Json = nlohmann::json;

Json cost_json(std::vector<std::string> typed) {
  typed.insert(typed.end(), {"--json", "--draws", "500"});
  const Workspace workspace;
  const Outcome outcome = run(workspace, typed);
  INFO(outcome.err);
  CHECK(outcome.status == 0);
  CHECK(outcome.err.empty());
  return Json::parse(outcome.out);
}

void require_cost_keys(const Json& object, const std::set<std::string>& keys) {
  for (const std::string& key : keys) {
    INFO(key);
    CHECK(object.contains(key));
  }
}

void require_quantiles(const Json& q) {
  CHECK(q.at("p5") <= q.at("p50"));
  CHECK(q.at("p50") <= q.at("p95"));
}

// "yield: 0.3" as a line of its own in the worked bill, below the header.
const std::string kWorkedBill = "chips/ascend-910c-worked-bill.yaml";

}  // namespace

TEST_CASE("cost --json: die, package, server, hour, each with its quantiles") {
  const Json cost = cost_json({"cost", "cloudmatrix384"});
  require_cost_keys(cost, {"subject", "seed", "draws", "die", "package", "server", "hour",
                           "margins", "quotes", "carbon", "sensitivity_of", "sensitivity",
                           "inversion", "warnings", "assumptions", "systems"});
  for (const char* figure : {"dies_per_wafer", "yield", "usd_per_good_die"}) {
    require_quantiles(cost.at("die").at(figure));
  }
  require_quantiles(cost.at("package").at("usd"));
  require_quantiles(cost.at("server").at("usd"));
  CHECK(cost.at("die").at("dies_per_wafer").at("p50") == 80);
  CHECK(cost.at("inversion").is_null());
  CHECK(cost.at("hour").at("rental").is_null());  // nobody quotes a rent
  CHECK_FALSE(cost.at("hour").at("price").is_null());
  CHECK(cost.at("sensitivity_of") == "server.usd");
  for (const auto& [name, one] : cost.at("sensitivity").items()) {
    require_cost_keys(one, {"at_low", "at_high", "swing", "first_order", "total", "grade"});
  }
}

TEST_CASE("cost --solve: of a figure by name, with the yield's definition") {
  const Json inversion =
      cost_json({"cost", "ascend-910c", "--solve", "processes.smic-n2.defect_density", "--of",
                 "die.yield", "--target", "0.5"})
          .at("inversion");
  CHECK(inversion.at("value").get<double>() == Approx(1815).margin(1));  // docs/cost.md, /m2
  CHECK(inversion.at("definition") == "sellable dies: 24 of 25 cores good");
}

TEST_CASE("supply --json and claim --json") {
  const Json supply = cost_json({"supply", "half-of-tsmc"});
  require_cost_keys(supply, {"scenario", "chip", "seed", "draws", "years", "assumptions"});
  const Json& year = supply.at("years").at("2026");
  require_cost_keys(year, {"packages", "binding", "binding_share", "limits", "slack",
                           "break_even_yield", "dies_left", "stacks_left", "yield", "demands"});
  CHECK(year.at("binding") == "hbm");
  const Json claim = cost_json({"claim", "910c-price-vs-a100"});
  require_cost_keys(
      claim, {"claim", "statement", "scope", "verdict", "probability", "ratio", "at_least",
              "at_most", "binding", "binding_share", "inputs", "inputs_by_grade", "seed", "draws"});
  CHECK(claim.at("verdict") == "contradicted");
  CHECK(claim.at("at_least").is_null());
}

TEST_CASE("names that are not there, and options that do not fit") {
  const Workspace workspace;
  const auto refused = [&](const std::vector<std::string>& typed, const std::string& part) {
    const Outcome outcome = run(workspace, typed);
    CHECK(outcome.status == 2);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, Catch::Contains(part));
  };
  refused({"cost", "h100-sx"}, "no chip or system `h100-sx` (did you mean `h100-sxm`?");
  refused({"cost", "h100-sxm", "--system", "cloudmatrix384"},
          "system `cloudmatrix384` is built of ascend-910c, not of h100-sxm");
  refused({"cost", "h100-sxm", "--solve", "chips.h100-sxm.package.price"},
          "--solve PATH and --target VALUE belong together");
  refused({"cost", "h100-sxm", "--of", "die.yield"}, "--of FIGURE belongs to --solve PATH");
  refused({"cost", "h100-sxm", "--draws", "5"}, "--draws");
  refused({"supply", "half-of-tsm"}, "half-of-tsmc");
  refused({"claim", "cloudmatrix-powr"}, "cloudmatrix-power");
}

TEST_CASE("what cannot be made is refused at its line") {
  Configs configs;
  const std::string die = "chips/ascend-910c-die.yaml";
  const std::vector<std::string> cost = {"cost", "ascend-910c"};
  const std::string wide =
      configs.replace(die, "width: {value: 21.32 mm", "width: {value: 27 mm", "27 mm");
  configs.require_refused_by(cost, wide +
                                       ": the die is larger than the scanner's field of process "
                                       "smic-n2 (split it into dies, or give die.stitch_yield)");
  configs.replace(die, "width: {value: 27 mm", "width: {value: 21.32 mm");
  const std::string needed =
      configs.replace(die, "cores_needed: {value: 24", "cores_needed: {value: 26", "26");
  configs.require_refused_by(cost,
                             needed +
                                 ": die.cores_needed is 26, die.cores 25 (a die cannot need more "
                                 "cores than it has)");
}

TEST_CASE("a negative price, a yield over 1, a range that is upside down: at their lines") {
  Configs configs;
  const std::string chip = "chips/ascend-910c.yaml";
  const std::vector<std::string> cost = {"cost", "ascend-910c"};
  const std::string price = configs.replace(chip, "value: 21354 USD", "value: -1 USD", "-1 USD");
  configs.require_refused_by(cost, price + ": `price`: `-1 USD` is out of range (at least 0 USD)");
  configs.replace(chip, "value: -1 USD", "value: 21354 USD");
  const std::string yield =
      configs.replace(chip, "final_yield: {value: 0.97", "final_yield: {value: 1.01", "1.01");
  configs.require_refused_by(cost, yield + ": `final_yield`: `1.01` is out of range (0.01 to 1)");
  configs.replace(chip, "final_yield: {value: 1.01", "final_yield: {value: 0.97");
  const std::string range = configs.replace(chip, "low: 128 USD", "low: 290 USD", "290 USD");
  const Workspace workspace;
  const Outcome outcome = run(workspace, cost);
  CHECK(outcome.status == 3);
  CHECK_THAT(outcome.err, Catch::StartsWith("reticle: " + configs.path(chip) + ":"));
  CHECK_THAT(outcome.err, Catch::Contains("hbm_stack_cost"));
}

TEST_CASE("supply: a yield over 1 and a demand without its price, at their lines") {
  Configs configs;
  const std::string file = "supply/half-of-tsmc.yaml";
  const std::string factor =
      configs.replace(file, "yield_factor: {value: 0.5", "yield_factor: {value: 1.7", "1.7");
  configs.require_refused_by({"supply", "half-of-tsmc"},
                             factor + ": a yield over 1 (yield times yield_factor is at most 1)");
}

TEST_CASE("a wafer map is a picture of every die, and says no where dies are not known") {
  const Workspace workspace;
  const std::string map = (workspace / "wafer.svg").string();
  const Outcome made =
      run(workspace, {"cost", "ascend-910c", "--draws", "100", "--wafer-map", map});
  CHECK(made.status == 0);
  CHECK_THAT(read_file(map), Catch::StartsWith("<svg") && Catch::Contains("bin ascend-910b3: "));
  CHECK(run(workspace, {"cost", "ascend-910c-worked-bill", "--wafer-map", map}).status == 2);
}

}  // namespace reticle::test
