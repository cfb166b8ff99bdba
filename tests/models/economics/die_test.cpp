#include "models/economics/die.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "schema/config/mapping.h"
#include "tests/models/economics/ascend_910.h"

using namespace reticle;
using namespace reticle::economics;

namespace {

config::Loaded<Chip> chip() {
  config::Loaded<Chip> chip;
  chip.message.set_name("c");
  *chip.message.mutable_die() = test::ascend_910();
  config::Origin width;
  width.at = {"chips/c.yaml", 4, 10};
  chip.provenance["die.width"] = width;
  return chip;
}

config::Loaded<Process> process() { return test::fab(); }

double yield(const Die& die, const Process& process) {
  return die_cost(die, process, plan_dies(die, process)).yield;
}

std::string refusal(const config::Loaded<Chip>& chip, const config::Loaded<Process>& process) {
  try {
    check_die(chip, process);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a good die of the 910 on 80 sites") {
  const DieCost cost = die_cost(chip().message.die(), process().message,
                                plan_dies(chip().message.die(), process().message));
  CHECK(cost.yield == Approx(0.33).margin(5e-4));
  CHECK(cost.usd_per_good == Approx(13500 / (80 * cost.yield)));
  CHECK(cost.escapes == 0);
}

TEST_CASE("a reported yield and count stand in for the model") {
  auto c = chip();
  c.message.mutable_die()->set_reported_yield(0.3);
  c.message.mutable_die()->set_reported_dies_per_wafer(78);
  const DieCost cost =
      die_cost(c.message.die(), process().message, plan_dies(c.message.die(), process().message));
  CHECK(cost.usd_per_good == Approx(576.923).epsilon(1e-5));
}

TEST_CASE("bins: shares of the wafer add up to the yield of the lowest bin") {
  auto c = chip();
  Die& die = *c.message.mutable_die();
  Bin& bin = *die.add_bins();
  bin.set_name("twenty");
  bin.set_cores_needed(20);
  const DiePlan plan = plan_dies(die, process().message);
  const std::vector<double> shares = die_bins(die, process().message, plan);
  REQUIRE(shares.size() == 2);
  CHECK(shares[0] == Approx(yield(die, process().message)));
  die.set_cores_needed(20);
  CHECK(shares[0] + shares[1] == Approx(yield(die, process().message)));
}

TEST_CASE("density that grows to the edge: Jensen's inequality, and no slope is none") {
  auto p = process();
  const double uniform = yield(chip().message.die(), p.message);
  p.message.mutable_radial()->set_slope(0);
  p.message.mutable_radial()->set_exponent(2);
  CHECK(yield(chip().message.die(), p.message) == Approx(uniform).epsilon(1e-12));
  double last = uniform;
  for (const double slope : {1.0, 2.0, 4.0}) {
    p.message.mutable_radial()->set_slope(slope);
    const double here = yield(chip().message.die(), p.message);
    CHECK(here > last);
    last = here;
  }
}

TEST_CASE("multiple patterning multiplies defects, overlays lose systematically") {
  auto p = process();
  Patterning& patterning = *p.message.mutable_patterning();
  patterning.set_steps(4);
  patterning.set_reference_steps(1);
  patterning.set_overlay_yield(0.99);
  patterning.set_overlays(10);
  auto four = process();
  four.message.set_defect_density(4 * 2720);
  CHECK(yield(chip().message.die(), p.message) ==
        Approx(yield(chip().message.die(), four.message) * std::pow(0.99, 10)));
}

TEST_CASE("layers multiply: two alike are one squared") {
  auto p = process();
  for (const char* name : {"metal", "via"}) {
    Layer& layer = *p.message.add_layers();
    config::fill_presets(layer);
    layer.set_name(name);
    layer.set_defect_density(500);
    layer.set_clustering(2);
  }
  const double one = std::pow(1 + 500 * 0.02132 * 0.03122 / 2, -2);
  CHECK(yield(chip().message.die(), p.message) == Approx(one * one));
}

TEST_CASE("spare blocks: the last HBM site is worth what the others cannot lose") {
  auto c = chip();
  Block& sites = *c.message.mutable_die()->add_blocks();
  sites.set_name("hbm_site");
  sites.set_count(6);
  sites.set_needed(6);
  sites.set_area_share(0.12);
  const double none = yield(chip().message.die(), process().message);
  CHECK(yield(c.message.die(), process().message) == Approx(none).epsilon(1e-12));
  sites.set_needed(5);
  const double spare = yield(c.message.die(), process().message);
  CHECK(spare > none);
  // One fault a site may be repaired: better than one whole spare site.
  sites.set_needed(6);
  sites.set_repairs(1);
  CHECK(yield(c.message.die(), process().message) > spare);
}

TEST_CASE("the learning curve of cost.md 1.3") {
  for (const auto& [t, d0] :
       std::vector<std::pair<double, double>>{{0, 0.40}, {2, 0.262}, {4, 0.179}, {8, 0.097}}) {
    CHECK(learned_density(0.40, 0.05, 4, t) == Approx(d0).margin(6e-4));
  }
}

TEST_CASE("a larger field than the scanner's needs stitching, either way up") {
  auto c = chip();
  CHECK(refusal(c, process()).empty());
  c.message.mutable_die()->set_width(0.0331);
  c.message.mutable_die()->set_height(0.026);
  CHECK(refusal(c, process()) ==
        "chips/c.yaml:4:10: the die is larger than the scanner's field of process fab (split it "
        "into dies, or give die.stitch_yield)");
  c.message.mutable_die()->set_width(0.033);
  CHECK(refusal(c, process()).empty());
  auto high_na = process();
  high_na.message.set_field_height(0.0165);
  CHECK_FALSE(refusal(c, high_na).empty());
  c.message.mutable_die()->set_stitch_yield(0.9);
  CHECK(refusal(c, high_na).empty());
  const double stitched = yield(c.message.die(), process().message);
  c.message.mutable_die()->clear_stitch_yield();
  CHECK(stitched == Approx(0.9 * yield(c.message.die(), process().message)));
}

TEST_CASE("what cannot be made is refused") {
  const auto changed = [](auto change) {
    auto c = chip();
    change(*c.message.mutable_die());
    return refusal(c, process());
  };
  CHECK(changed([](Die& d) { d.set_cores_needed(26); }) ==
        "chip c: die.cores_needed is 26, die.cores 25 (a die cannot need more cores than it has)");
  CHECK_THAT(changed([](Die& d) { d.set_groups(4); }),
             Catch::Contains("do not come in such groups"));
  CHECK_THAT(changed([](Die& d) {
               Block& b = *d.add_blocks();
               b.set_name("l2");
               b.set_count(2);
               b.set_needed(3);
             }),
             Catch::Contains("die.blocks.l2 needs more blocks than there are"));
  CHECK_THAT(changed([](Die& d) {
               Block& b = *d.add_blocks();
               b.set_count(1);
               b.set_area_share(0.46);
             }),
             Catch::Contains("take more than the whole die"));
  CHECK_THAT(changed([](Die& d) { d.add_bins()->set_cores_needed(24); }),
             Catch::Contains("needs no fewer cores than the next better one"));
}

TEST_CASE("a law without its parameter, or with spares it does not know") {
  const auto changed = [](auto change) {
    auto p = process();
    change(p.message);
    return refusal(chip(), p);
  };
  CHECK_THAT(changed([](Process& p) { p.set_yield_law(YIELD_LAW_NEGATIVE_BINOMIAL); }),
             Catch::Contains("negative_binomial needs `clustering`"));
  CHECK_THAT(changed([](Process& p) { p.set_yield_law(YIELD_LAW_BOSE_EINSTEIN); }),
             Catch::Contains("bose_einstein needs `critical_layers`"));
  CHECK_THAT(changed([](Process& p) { p.set_yield_law(YIELD_LAW_MOORE); }),
             Catch::Contains("no harvesting with moore or layers"));
  CHECK_THAT(changed([](Process& p) {
               p.set_counting(COUNTING_DE_VRIES);
               p.mutable_radial()->set_slope(1);
             }),
             Catch::Contains("a radial profile needs placed dies"));
}
