#include <catch2/catch.hpp>
#include <cmath>

#include "schema/errors.h"
#include "study/cost/cost_study.h"

using namespace reticle;
using namespace reticle::study;

namespace {

config::Catalog catalog(const std::vector<config::Setting>& settings = {}) {
  return config::Catalog(RETICLE_SOURCE_DIR "/configs", settings);
}

CostSubject subject(const std::string& name, const std::vector<config::Setting>& settings = {}) {
  config::Catalog configs = catalog(settings);
  CostChoice choice;
  choice.name = name;
  return load_subject(configs, choice);
}

CostReport report(const CostSubject& subject, uint32_t draws = 2000, bool sensitivity = false) {
  CostOptions options;
  options.draws = draws;
  options.sensitivity = sensitivity;
  return cost_report(subject, options);
}

// The worked bill of shared/reference/cost.md 2.7: everything committed before the first loss,
// 78 dies, one line of assembly, the die's yield drawn as reported.
CostSubject worked_bill() { return subject("ascend-910c-worked-bill"); }

double sum(const google::protobuf::RepeatedPtrField<NamedValue>& parts) {
  double total = 0;
  for (const NamedValue& part : parts) {
    total += part.value();
  }
  return total;
}

}  // namespace

TEST_CASE("the 910C's worked bill: P5, P50 and P95, HBM before die yield") {
  const CostReport bill = report(worked_bill(), 20000, true);
  CHECK(bill.package().usd().p5() == Approx(3110).epsilon(0.01));
  CHECK(bill.package().usd().p50() == Approx(3793).epsilon(0.01));
  CHECK(bill.package().usd().p95() == Approx(4584).epsilon(0.01));
  const auto first = [&](const std::string& input) {
    for (const Sensitivity& one : bill.sensitivity()) {
      if (one.input() == input) {
        return one.first_order();
      }
    }
    return 0.0;
  };
  CHECK(first("chips.ascend-910c-worked-bill.package.hbm_stack_cost") == Approx(0.44).margin(0.02));
  CHECK(first("chips.ascend-910c-worked-bill.die.reported_yield") == Approx(0.29).margin(0.02));
  CHECK(first("chips.ascend-910c-worked-bill.package.interposer_cost") ==
        Approx(0.12).margin(0.02));
  CHECK(first("processes.smic-n2.wafer_cost") == Approx(0.05).margin(0.02));
  CHECK(bill.sensitivity(0).input() == "chips.ascend-910c-worked-bill.package.hbm_stack_cost");
  CHECK(bill.sensitivity(0).swing() == Approx(1401).epsilon(0.01));
}

TEST_CASE("the same bill with 80 sites, and with a prior on the defect density") {
  CostSubject sites = worked_bill();
  sites.machine.chip.message.mutable_die()->set_reported_dies_per_wafer(80);
  const Quantiles with_80 = report(sites, 20000).package().usd();
  CHECK(with_80.p5() == Approx(3089).epsilon(0.01));
  CHECK(with_80.p50() == Approx(3769).epsilon(0.01));
  CHECK(with_80.p95() == Approx(4545).epsilon(0.01));
  CostSubject density = worked_bill();
  density.machine.chip.message.mutable_die()->clear_reported_yield();
  density.machine.chip.provenance.erase("die.reported_yield");
  const Quantiles with_density = report(density, 20000).package().usd();
  CHECK(with_density.p5() == Approx(3162).epsilon(0.015));
  CHECK(with_density.p50() == Approx(3863).epsilon(0.015));
  CHECK(with_density.p95() == Approx(4666).epsilon(0.015));
}

TEST_CASE("as configured: 80 sites, staged assembly of two modules") {
  const CostReport configured = report(subject("ascend-910c"));
  CHECK(configured.die().dies_per_wafer().p50() == 80);
  CHECK(configured.package().usd().p50() == Approx(3793).epsilon(0.05));
  CHECK_FALSE(configured.server().system().empty());
}

TEST_CASE("an H100 within a quarter of Raymond James's 3,320 dollars") {
  CHECK(report(subject("h100-sxm")).package().usd().p50() == Approx(3320).epsilon(0.25));
}

TEST_CASE("parts sum to wholes, a server is its packages and the rest") {
  const CostReport r = report(subject("cloudmatrix384"));
  CHECK(sum(r.package().breakdown()) == Approx(r.package().usd_at_modes()).epsilon(1e-12));
  CHECK(sum(r.server().breakdown()) == Approx(r.server().usd_at_modes()).epsilon(1e-12));
  const double packages = r.server().breakdown(0).value() + r.server().breakdown(1).value() +
                          r.server().breakdown(2).value();
  CHECK(packages == Approx(8 * r.package().usd_at_modes()).epsilon(1e-12));
  CHECK(r.server().system_usd().p50() == Approx(48 * r.server().usd().p50()).epsilon(1e-9));
}

TEST_CASE("build, price and rental never share a figure") {
  CostSubject s = subject("hgx-h800");
  const CostReport base = report(s);
  s.machine.chip.message.mutable_package()->set_price(1e6);
  s.machine.chip.message.mutable_package()->set_rental(99);
  s.machine.chip.provenance.erase("package.price");
  s.machine.chip.provenance.erase("package.rental");
  const CostReport dearer = report(s);
  CHECK(dearer.package().SerializeAsString() == base.package().SerializeAsString());
  CHECK(dearer.server().SerializeAsString() == base.server().SerializeAsString());
  CHECK(dearer.hour().build().SerializeAsString() == base.hour().build().SerializeAsString());
  CHECK(dearer.hour().price().p50() > 10 * base.hour().price().p50());
  CHECK(dearer.hour().rental().p50() == Approx(99));
}

TEST_CASE("a margin is shown apart and in no cost") {
  const CostReport base = report(subject("ascend-910c"));
  const CostReport with =
      report(subject("ascend-910c", {{"chips.ascend-910c.package.markup", "1.5"}}));
  CHECK(with.package().SerializeAsString() == base.package().SerializeAsString());
  CHECK(with.margins().chip_maker_usd() == Approx(1.5 * base.package().usd_at_modes()));
}

TEST_CASE("the same seed gives the same bytes, another seed other draws of the same priors") {
  const CostSubject s = subject("ascend-910c");
  CHECK(report(s).SerializeAsString() == report(s).SerializeAsString());
  CostOptions other;
  other.seed = 2;
  other.draws = 2000;
  const CostReport two = cost_report(s, other);
  CHECK(two.package().usd().p50() != report(s).package().usd().p50());
  CHECK(two.package().usd().p50() == Approx(report(s).package().usd().p50()).epsilon(0.01));
}

TEST_CASE("which yield doubles the package's cost against 0.40") {
  CostSubject s = worked_bill();
  s.machine.chip.message.mutable_package()->set_hbm_stack_cost(160);
  Die& die = *s.machine.chip.message.mutable_die();
  die.set_reported_yield(0.40);
  const double at_40 = report(s, 100).package().usd_at_modes();
  CostOptions options;
  options.draws = 100;
  options.sensitivity = false;
  const std::string chip = "chips.ascend-910c-worked-bill.";
  options.question = {chip + "die.reported_yield", 2 * at_40, ""};
  const CostReport answered = cost_report(s, options);
  REQUIRE(answered.inversion().has_value());
  CHECK(answered.inversion().value() == Approx(0.093).margin(0.001));  // cost.md, check-list
  CHECK(answered.inversion().result() == "package.usd");
  CHECK(answered.inversion().now() == 0.40);
  options.question = {chip + "die.reported_yield", 1, ""};
  CHECK_FALSE(cost_report(s, options).inversion().has_value());
  options.question = {chip + "die.colour", 1, ""};
  CHECK_THROWS_WITH(cost_report(s, options), "--solve " + chip + "die.colour: no such number");
  options.question = {"chips.h100-sxm.package.test_cost", 1, ""};
  CHECK_THROWS_AS(cost_report(s, options), UsageError);
  options.question = {chip + "die.width", 1, ""};
  CHECK_THROWS_WITH(cost_report(s, options), Catch::Contains("dies are placed once"));
}

TEST_CASE("the defect density of a reported yield, with what the yield counts") {
  CostOptions options;
  options.draws = 100;
  options.sensitivity = false;
  options.question = {"processes.smic-n2.defect_density", 0.40, "die.yield"};
  const Inversion inversion = cost_report(subject("ascend-910c"), options).inversion();
  CHECK(inversion.value() * 1e-4 == Approx(0.231).margin(0.0005));  // cost.md 1.1, 24 of 25 cores
  CHECK(inversion.definition() == "sellable dies: 24 of 25 cores good");
  options.question->figure = "die.colour";
  CHECK_THROWS_WITH(cost_report(subject("ascend-910c"), options),
                    Catch::Contains("no figure `die.colour` (die.yield, die.usd_per_good_die"));
}

TEST_CASE("reported yields of the 910 die, each with its definition and the density it implies") {
  const CostReport r = report(subject("ascend-910c"), 100);
  REQUIRE(r.die().reported_yields_size() == 5);
  for (const ReportedYield& one : r.die().reported_yields()) {
    CHECK(one.counts() == "sellable");
    CHECK(one.definition() == "sellable dies: 24 of 25 cores good");
    CHECK_FALSE(one.source().empty());
    if (one.yield() == 0.30) {
      CHECK(one.defects_per_cm2() == Approx(0.292).margin(0.0005));  // cost.md 1.1
    }
  }
}

TEST_CASE("published bills and prices that ours can be held against") {
  // validation/cost/not_covered.csv: BOM_B200 (Epoch AI: 6,400, 90 % from 5,700 to 7,300),
  // PR_DGX_BOM (SemiAnalysis: about 80,000), CM_NPU.
  CHECK(report(subject("hgx-h100"), 100).server().usd_at_modes() == Approx(80000).epsilon(0.2));
  const Quantiles b200 = report(subject("b200-sxm")).package().usd();
  CHECK(b200.p5() < 6400);
  CHECK(b200.p95() > 5700);
  const config::Catalog configs = catalog();
  const System system = configs.system("cloudmatrix384").message;
  CHECK(configs.chip("ascend-910c").message.package().price() ==
        Approx(system.cost().price() /
               static_cast<double>(system.nodes() * system.packages_per_node()))
            .epsilon(1e-4));
}

TEST_CASE("the systems a chip is built into, the first of them priced") {
  const CostReport r = report(subject("ascend-910c"), 100);
  REQUIRE(r.systems_size() == 2);
  CHECK(r.systems(0) == "atlas-800-a3");
  CHECK(r.systems(1) == "cloudmatrix384");
  CHECK(r.server().system() == "atlas-800-a3");
  CHECK(report(subject("h100-sxm"), 100).server().system() == "hgx-h100");  // not bench-switch
}

TEST_CASE("defects of the whole die taken for those of one layer are warned of") {
  // 670.81 mm2 at 0.1 per cm2 and ten layers yields 0.0059 (trap 1 of cost.md 3.2).
  const CostReport wrong =
      report(subject("ascend-910c", {{"processes.smic-n2.yield_law", "bose_einstein"},
                                     {"processes.smic-n2.critical_layers", "10"},
                                     {"processes.smic-n2.defect_density", "0.1 /cm2"}}),
             100);
  REQUIRE(wrong.warnings_size() == 2);  // and the power that an hour assumes
  CHECK_THAT(wrong.warnings(1), Catch::Contains("must be that of one layer"));
  CHECK(report(subject("ascend-910c"), 100).warnings_size() == 1);
}

TEST_CASE("subjects that are not there, and machines built of something else") {
  config::Catalog configs = catalog();
  CHECK_THROWS_WITH(load_subject(configs, {"h100", "", "", {}}),
                    Catch::Contains("no chip or system `h100`"));
  CHECK_THROWS_WITH(load_subject(configs, {"h100-sxm", "cloudmatrix384", "", {}}),
                    "system `cloudmatrix384` is built of ascend-910c, not of h100-sxm");
}

TEST_CASE("nonsense in a file is refused where it stands") {
  const auto refused = [](const std::string& path, const std::string& value) {
    try {
      report(subject("ascend-910c", {{path, value}}), 100);
    } catch (const ConfigError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK_THAT(refused("chips.ascend-910c.package.price", "-1 USD"),
             Catch::StartsWith("--set chips.ascend-910c.package.price: ") &&
                 Catch::Contains("out of range"));
  CHECK_THAT(refused("chips.ascend-910c.package.final_yield", "1.01"),
             Catch::Contains("out of range"));
  CHECK_THAT(refused("chips.ascend-910c.die.cores_needed", "26"),
             Catch::Contains("a die cannot need more cores than it has"));
  CHECK_THAT(refused("chips.ascend-910c.die.width", "27 mm"),
             Catch::Contains("larger than the scanner's field"));
}

TEST_CASE("every number of a process has a source with its date, and a grade") {
  const config::Catalog configs = catalog();
  for (const std::string& name : configs.names("processes")) {
    for (const auto& [path, origin] : configs.process(name).provenance) {
      INFO(name << " " << path << ": " << origin.source);
      CHECK_FALSE(origin.grade.empty());
      CHECK((origin.source.find(" 20") != std::string::npos ||
             origin.source.find("(20") != std::string::npos));
    }
  }
}

TEST_CASE("the report in words") {
  const std::string text = cost_text(report(subject("cloudmatrix384"), 200, true));
  for (const char* part :
       {"die on smic-n2", "dies a wafer", "USD, built", "server at the modes",
        "An hour of one package", "Quoted by others (in no cost above)", "what moves server.usd"}) {
    CHECK_THAT(text, Catch::Contains(part));
  }
}
