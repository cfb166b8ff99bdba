#include <catch2/catch.hpp>

#include "schema/csv.h"
#include "schema/errors.h"
#include "study/claims/claim_study.h"

using namespace reticle;
using namespace reticle::study;

namespace {

ClaimReport verdict(const std::string& name, const std::vector<config::Setting>& settings = {}) {
  config::Catalog catalog(RETICLE_SOURCE_DIR "/configs", settings);
  ClaimStudy study(catalog, name);
  return study.report(1, 4000);
}

double ratio_at_modes(const std::string& name) {
  config::Catalog catalog(RETICLE_SOURCE_DIR "/configs");
  return ClaimStudy(catalog, name).ratio();
}

const ClaimInputReport& input(const ClaimReport& report, const std::string& name) {
  for (const ClaimInputReport& one : report.inputs()) {
    if (one.name() == name) {
      return one;
    }
  }
  FAIL("no input " << name);
  return report.inputs(0);
}

}  // namespace

TEST_CASE("published figures that are claims, to their tolerance") {
  const auto rows = read_csv(RETICLE_SOURCE_DIR "/validation/cost/reference_claims.csv");
  REQUIRE(rows.at(0) == CsvRow{"id", "claim", "expected", "tolerance"});
  for (std::size_t i = 1; i < rows.size(); ++i) {
    INFO(rows[i][0]);
    const double expected = std::stod(rows[i][2]);
    const double size = std::stod(rows[i][3].substr(4));
    const double band = rows[i][3].substr(0, 3) == "abs" ? size : size * expected;
    CHECK(ratio_at_modes(rows[i][1]) == Approx(expected).epsilon(0).margin(band));
  }
}

TEST_CASE("four times the power: supported for systems, for a FLOP it is not four") {
  CHECK(verdict("cloudmatrix-power").verdict() == "supported");
  CHECK(verdict("cloudmatrix-price-per-flop").verdict() == "supported");
}

TEST_CASE("DeepSeek's day and V3's training cost, exact") {
  for (const char* name : {"deepseek-day", "v3-training-cost", "v3-training-days",
                           "v3-training-mfu", "deepseek-margin"}) {
    INFO(name);
    CHECK(verdict(name).verdict() == "supported");
  }
  CHECK(ratio_at_modes("deepseek-day") == 1);
  CHECK(ratio_at_modes("v3-training-cost") == 1);
  // Why 5.576 million is disputed: the machines cost more than ten times that.
  CHECK(verdict("v3-training-capital").ratio().p5() > 12);
}

TEST_CASE("a 910C 30 % cheaper than an A100: no quote says so") {
  const ClaimReport report = verdict("910c-price-vs-a100");
  CHECK(report.verdict() == "contradicted");
  CHECK(report.probability() < 0.01);
  CHECK(report.binding() == "chips.ascend-910c.package.price");
  // 0.7 of 15,000 dollars.
  CHECK(input(report, "price_910c").flips_at() == Approx(10500));
  CHECK(input(report, "price_910c").grade() == "C");
}

TEST_CASE("half of TSMC's yield: wafers yes for the domestic share, HBM no") {
  const ClaimReport logic = verdict("half-yield-domestic-logic");
  CHECK(logic.verdict() == "supported");
  CHECK(logic.probability() > 0.95);  // 0.98 in cost.md section 4, with 78 dies
  const ClaimReport total = verdict("half-yield-total-demand");
  CHECK(total.verdict() == "contradicted");
  CHECK(total.probability() == Approx(0.09).margin(0.05));
  const ClaimReport both = verdict("half-yield-domestic");
  CHECK(both.verdict() == "contradicted");
  CHECK(both.probability() == Approx(0.12).margin(0.05));
  CHECK(both.binding() == "hbm");
  CHECK(both.binding_share(0).value() > 0.99);
  // Logic alone has no limit to bind it; what decides is named instead.
  CHECK(logic.binding_share_size() == 0);
  CHECK_FALSE(logic.binding().empty());
}

TEST_CASE("two modelled costs are drawn together") {
  const ClaimReport report = verdict("910c-cheaper-to-build-than-h100");
  CHECK(report.verdict() == "contradicted");
  CHECK(input(report, "cost_910c").value() > input(report, "cost_h100").value());
  CHECK_THROWS_WITH(verdict("910c-cheaper-to-build-than-h100",
                            {{"claims.910c-cheaper-to-build-than-h100.inputs.cost_h100.path",
                              "cost.h100-sxm.colour"}}),
                    Catch::Contains("no such cost (cost.NAME.die, package or server)"));
}

TEST_CASE("verdict words at their thresholds") {
  const auto at = [](const char* bound) {
    return verdict("910c-price-vs-a100", {{"claims.910c-price-vs-a100.at_most", bound}}).verdict();
  };
  CHECK(at("0.7") == "contradicted");
  CHECK(at("1.52") == "unclear");
  CHECK(at("1.9") == "supported");
}

TEST_CASE("a price set by hand is one, and counts as the user's") {
  const ClaimReport report =
      verdict("910c-price-vs-a100", {{"chips.ascend-910c.package.price", "8000 USD"}});
  CHECK(report.verdict() == "supported");
  CHECK(input(report, "price_910c").grade() == "user");
  CHECK(report.inputs_by_grade(1).name() == "user");
}

TEST_CASE("the claim in words, and the same for the same seed") {
  const std::string text = claim_text(verdict("half-yield-domestic"));
  CHECK_THAT(text, Catch::Contains("contradicted, probability") &&
                       Catch::Contains("bound by hbm") && Catch::Contains("numbers by grade: B"));
  CHECK(text == claim_text(verdict("half-yield-domestic")));
}

TEST_CASE("claims about nothing are refused") {
  const std::string path = "claims.910c-price-vs-a100.";
  CHECK_THROWS_WITH(verdict("910c-price-vs-a100", {{path + "inputs.price_910c.path",
                                                    "chips.ascend-910c.package.colour"}}),
                    Catch::Contains("no such number"));
  CHECK_THROWS_WITH(verdict("910c-price-vs-a100",
                            {{path + "inputs.price_910c.path", "supply.half-of-tsmc.2026.colour"}}),
                    Catch::Contains("no such figure"));
  CHECK_THROWS_WITH(verdict("910c-price-vs-a100",
                            {{path + "inputs.price_a100.path", "chips.h100-sxm.package.price"}}),
                    Catch::Contains("needs either a value or a path"));
  CHECK_THROWS_WITH(verdict("910c-price-vs-a100", {{path + "at_most", "null"}}),
                    Catch::Contains("needs at_least or at_most"));
  CHECK_THROWS_WITH(verdict("910c-price-vs-a100", {{path + "numerator", "[colour]"}}),
                    Catch::Contains("`colour` is not one of its inputs"));
  CHECK_THROWS_AS(verdict("nobody-said-so"), UsageError);
}
