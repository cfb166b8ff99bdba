// Everything a file can say wrongly, with its exact text.
#include <catch2/catch.hpp>

#include "samples.h"
#include "schema/config/catalog.h"

using namespace reticle;
using namespace reticle::config;
using namespace reticle::config::test;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// The error of the sample chip after one change.
std::string chip_error(const std::string& from, const std::string& to) {
  const Folder folder;
  folder.write("chips/c.yaml", replaced(kChip, from, to));
  return error_of([&] { Catalog(folder.path()).chip("c"); }, folder.path().string());
}

Loaded<Process> process_of(const std::string& text) {
  const Folder folder;
  folder.write("processes/p.yaml", text);
  return Catalog(folder.path()).process("p");
}

std::string process_error(const std::string& from, const std::string& to) {
  const Folder folder;
  folder.write("processes/p.yaml", replaced(kProcess, from, to));
  return error_of([&] { Catalog(folder.path()).process("p"); }, folder.path().string());
}

}  // namespace

TEST_CASE("an unknown key has its place, the nearest key, and all of them") {
  CHECK(
      chip_error("  data_rate:", "  data_rat:") ==
      "chips/c.yaml:10:3: unknown key `data_rat` in `hbm` (did you mean `data_rate`? keys: stacks, "
      "channels_per_stack, channel_width, data_rate, service_fraction, latency, capacity, "
      "interleave, timing)");
  CHECK(process_error("scribe", "voltage") ==
        "processes/p.yaml:5:1: unknown key `voltage` (keys: name, wafer_diameter, edge_exclusion, "
        "scribe, wafer_cost, defect_density, systematic_yield, wafer_test_cost, yield_law, "
        "clustering, critical_layers, critical_area_ratio, layers, radial, learning, patterning, "
        "notch, field_width, field_height, counting, probe_coverage, escape_law, carbon, "
        "correlations)");
  CHECK(
      chip_error("{op: 0.2 pJ/op}", "{oq: 0.2 pJ/op}") ==
      "chips/c.yaml:18:19: unknown key `oq` in `energy.matrix.int8` (did you mean `op`? keys: op)");
}

TEST_CASE("a missing key is reported at the map it belongs in") {
  CHECK(
      chip_error("  latency: 600 ns\n", "") ==
      "chips/c.yaml:7:3: missing key `latency` in `hbm` (load-to-use latency of an L2 miss, in s)");
  CHECK(process_error("scribe: 100 um\n", "") ==
        "processes/p.yaml:1:1: missing key `scribe` (street between dies, in m)");
  CHECK(chip_error("power: {idle: 90 W, cap: 350 W}\n", "") ==
        "chips/c.yaml:1:1: missing key `power` (idle power and power cap of one rank's chip)");
  CHECK(chip_error("{op: 0.2 pJ/op}", "{}") ==
        "chips/c.yaml:18:18: missing key `op` in `energy.matrix.int8` (one operation (a "
        "multiply-add is two), in J/op)");
  CHECK(process_error("100 um", "") ==
        "processes/p.yaml:5:1: missing key `scribe` (street between dies, in m)");
}

TEST_CASE("a value has its unit, kind and range") {
  CHECK(chip_error("clock: 1.8 GHz", "clock: 1.8") ==
        "chips/c.yaml:4:8: `clock`: `1.8` has no unit (units: Hz, kHz, MHz, GHz, THz)");
  CHECK(chip_error("clock: 1.8 GHz", "clock: 1.8 GB") ==
        "chips/c.yaml:4:8: `clock`: `1.8 GB`: unit `GB` does not fit (units: Hz, kHz, MHz, GHz, "
        "THz)");
  CHECK(chip_error("clock: 1.8 GHz", "clock: 18 GHz") ==
        "chips/c.yaml:4:8: `clock`: `18 GHz` is out of range (1e+08 to 1e+10 Hz)");
  CHECK(chip_error("stacks: 4", "stacks: 0") ==
        "chips/c.yaml:7:11: `stacks`: `0` is out of range (1 to 64)");
  CHECK(chip_error("stacks: 4", "stacks: 4.5") ==
        "chips/c.yaml:7:11: `stacks`: `4.5` is not a whole number");
  CHECK(process_error("300 mm", "nan") ==
        "processes/p.yaml:3:17: `wafer_diameter`: `nan` is not a number");
  CHECK(process_error("9.3 kUSD", "-1 USD") ==
        "processes/p.yaml:6:13: `wafer_cost`: `-1 USD` is out of range (at least 0 USD)");
  CHECK(chip_error("family: davinci", "family: DAVINCI") ==
        "chips/c.yaml:3:9: `family`: `DAVINCI` is not one of its values (values: davinci, "
        "tensor_gpu, roofline)");
  CHECK(
      chip_error("{int8:", "{int9:") ==
      "chips/c.yaml:18:12: `dtype`: `int9` is not one of its values (did you mean `int8`? values: "
      "bfloat16, float16, fp8, fp8_block, int8, int4, nvfp4, mxfp4, float32)");
}

TEST_CASE("ranges include their ends") {
  CHECK(chip_error("clock: 1.8 GHz", "clock: 10 GHz").empty());
  CHECK(chip_error("clock: 1.8 GHz", "clock: 10.000001 GHz") != "");
  CHECK(chip_error("clock: 1.8 GHz", "clock: 100 MHz").empty());
  CHECK(chip_error("clock: 1.8 GHz", "clock: 99.999999 MHz") != "");
  CHECK(chip_error("stacks: 4", "stacks: 64").empty());
  CHECK(chip_error("stacks: 4", "stacks: 65") != "");
}

TEST_CASE("the wrong shape is refused") {
  CHECK(process_error("300 mm", "[300 mm]") ==
        "processes/p.yaml:3:17: `wafer_diameter` must be a single value (wafer diameter, in m)");
  CHECK(chip_error("power: {idle: 90 W, cap: 350 W}", "power: 350 W") ==
        "chips/c.yaml:23:8: `power` must be a map (keys: idle, cap, voltage, clock_tree, "
        "leakage, thermal, control_window, spread)");
  CHECK(chip_error("{int8: {op: 0.2 pJ/op}, bfloat16: {op: 0.45 pJ/FLOP}}", "[1]") ==
        "chips/c.yaml:18:11: `energy.matrix` must be a map from dtype to its keys (keys: op)");
  CHECK(error_of([] {
          process_of("[1, 2]");
        }).find("p.yaml:1:1: the file must be a map (keys: name,") != std::string::npos);
}

TEST_CASE("presets fill what is not written") {
  CHECK(process_of(kProcess).message.wafer_test_cost() == 0);
  CHECK(process_of(kProcess).provenance.count("wafer_test_cost") == 0);
}

TEST_CASE("a number below configs needs source and grade") {
  CHECK(process_error("grade: B\n", "") ==
        "processes/p.yaml:2:17: `wafer_diameter` has no grade (every number in configs/ says where "
        "it comes from)");
  CHECK(
      process_error("source: report\n", "") ==
      "processes/p.yaml:2:17: `wafer_diameter` has no source (every number in configs/ says where "
      "it comes from)");
  CHECK(process_error("grade: B", "grade: D") ==
        "processes/p.yaml:1:8: `D` is not a grade (grades: A, A-, B, B-, C, C-, user)");
  CHECK(process_error("source: report", "source: ''") ==
        "processes/p.yaml:2:9: the source is empty");
}

TEST_CASE("an annotated value is checked as a map of its own") {
  CHECK(process_error("low: 0.139", "lo: 0.139") ==
        "processes/p.yaml:7:37: unknown key `lo` in `defect_density` (did you mean `low`? keys: "
        "value, grade, source, low, high, distribution, outcomes, weights)");
  CHECK(process_error("value: 0.272 /cm2, ", "") ==
        "processes/p.yaml:7:17: `defect_density` has no `value` (keys: value, grade, source, low, "
        "high, distribution, outcomes, weights)");
  CHECK(process_error("0.139 /cm2", "0.139") ==
        "processes/p.yaml:7:42: `0.139` has no unit (units: /m2, /cm2, /mm2)");
  CHECK(process_error("0.139 /cm2", "0.3 /cm2") ==
        "processes/p.yaml:7:25: `defect_density`: the value is outside its own low to high");
  CHECK(process_error("0.139 /cm2", "0.272 /cm2").empty());
  CHECK(chip_error("family: davinci", "family: {value: davinci, low: x}") ==
        "chips/c.yaml:3:26: unknown key `low` in `family` (keys: value, grade, "
        "source)");
}

TEST_CASE("a null takes away what a base gives") {
  const Folder folder;
  folder.write("chips/a.yaml", std::string(kChip) + "davinci: ~\n");
  CHECK_FALSE(Catalog(folder.path()).chip("a").message.has_davinci());
  folder.write("chips/b.yaml", "base: a\nhbm: ~\n");
  CHECK(error_of([&] { Catalog(folder.path()).chip("b"); }, folder.path().string()) ==
        "chips/b.yaml:2:1: missing key `hbm` (device memory)");
}

TEST_CASE("an uncertain number says how it is drawn") {
  const auto density = [](const std::string& drawn) {
    return process_of(replaced(kProcess, "low: 0.139 /cm2, high: 0.374 /cm2", drawn))
        .provenance.at("defect_density");
  };
  CHECK(density("low: 0.139 /cm2, high: 0.374 /cm2").distribution.empty());
  CHECK(density("low: 0.1 /cm2, high: 0.4 /cm2, distribution: pert").distribution == "pert");
  const Origin lognormal = density("high: 0.6 /cm2, distribution: lognormal");
  CHECK(lognormal.high == 6000);
  CHECK_FALSE(lognormal.low);
  const Origin discrete =
      density("distribution: discrete, outcomes: [0.1 /cm2, 0.272 /cm2], weights: [1, 3]");
  CHECK(discrete.outcomes == std::vector<double>{1000, 2720});
  CHECK(discrete.weights == std::vector<double>{1, 3});
}

TEST_CASE("a distribution without what it needs") {
  const auto error = [](const std::string& drawn) {
    return process_error("low: 0.139 /cm2, high: 0.374 /cm2", drawn);
  };
  const std::string place = "processes/p.yaml:7:";
  CHECK_THAT(error("distribution: normal"),
             Catch::Contains("`normal` is not a distribution (distributions: triangular, pert, "
                             "uniform, lognormal, discrete)"));
  CHECK_THAT(error("low: 0.1 /cm2, distribution: pert"),
             Catch::StartsWith(place) && Catch::Contains("a pert number needs low and high"));
  CHECK_THAT(error("low: 0.1 /cm2, high: 0.4 /cm2, distribution: lognormal"),
             Catch::Contains("a lognormal number needs `high`, its 95th percentile, and no `low`"));
  CHECK_THAT(error("distribution: discrete, outcomes: [0.272 /cm2], weights: [1, 2]"),
             Catch::Contains("outcomes and as many weights"));
  CHECK_THAT(error("distribution: discrete, outcomes: [0.1 /cm2], weights: [1]"),
             Catch::Contains("the value is not among its outcomes"));
  CHECK_THAT(error("distribution: discrete, outcomes: [0.272 /cm2], weights: [0]"),
             Catch::Contains("a weight must be above 0"));
  CHECK_THAT(error("outcomes: [0.272 /cm2], weights: [1]"),
             Catch::Contains("outcomes and weights need `distribution: discrete`"));
}
