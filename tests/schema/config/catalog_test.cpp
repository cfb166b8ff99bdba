#include "schema/config/catalog.h"

#include <catch2/catch.hpp>

#include "samples.h"

using namespace reticle;
using namespace reticle::config;
using namespace reticle::config::test;

namespace {

// A catalog with a chip `plain`, `fast` based on it, a process, a stack and a model.
struct Sample : Folder {
  Sample() {
    write("chips/plain.yaml", kChip);
    write("chips/fast.yaml",
          "base: plain\nhbm:\n  data_rate: {value: 6.4 Gb/s, grade: A-, source: new}\n");
    write("processes/n7.yaml", kProcess);
    write("software/cann.yaml", kSoftware);
    write("models/tiny-1.2.json",
          R"({"hidden_size":64, "rope": {"factor": 40.0}, "list": [1, 2]})");
  }
  Catalog open(const std::vector<Setting>& settings = {}) const {
    return Catalog(path(), settings);
  }
  template <class Call>
  std::string error(Call call) const {
    return error_of(call, path().string());
  }
  std::string chip_error(const std::vector<Setting>& settings) const {
    return error([&] { open(settings).chip("plain"); });
  }
};

}  // namespace

TEST_CASE("a chip file becomes a message in stored units") {
  const Sample sample;
  const Loaded<Chip> chip = sample.open().chip("plain");
  CHECK(chip.message.name() == "plain");
  CHECK(chip.message.family() == FAMILY_DAVINCI);
  CHECK(chip.message.clock() == 1.8e9);
  CHECK(chip.message.l2().capacity() == 192.0 * 1024 * 1024);
  CHECK(chip.message.l2().read_bandwidth() == 5000);
  CHECK(chip.message.hbm().stacks() == 4);
  CHECK(chip.message.hbm().data_rate() == 3.2e9);
  REQUIRE(chip.message.energy().matrix_size() == 2);
  CHECK(chip.message.energy().matrix(0).dtype() == DTYPE_INT8);
  CHECK(chip.message.energy().matrix(1).op() == 0.45e-12);
  CHECK(chip.message.energy().local_byte() == 1.2e-12);
  CHECK(chip.message.die().width() == 0.0255);
  CHECK_FALSE(chip.message.has_package());
}

TEST_CASE("every written number has its origin") {
  const Sample sample;
  const Loaded<Chip> chip = sample.open().chip("plain");
  const Origin& rate = chip.provenance.at("hbm.data_rate");
  CHECK(rate.grade == "C");
  CHECK(rate.source == "guess");
  CHECK(rate.at.line == 10);
  CHECK(rate.at.column == 22);
  CHECK(rate.low == 3e9);
  CHECK(rate.high == 3.6e9);
  CHECK(rate.value == 3.2e9);
  CHECK(rate.unit == "b/s");
  CHECK(chip.provenance.at("energy.matrix.int8.op").source == "paper");
  CHECK(chip.provenance.at("energy.matrix.int8.op").grade == "B-");
  CHECK(chip.provenance.at("clock").source == "data sheet");
  CHECK_FALSE(chip.provenance.at("clock").low.has_value());
  CHECK(chip.provenance.count("family") == 0);
}

TEST_CASE("a base is inherited with its provenance, and only what differs is replaced") {
  const Sample sample;
  const Loaded<Chip> chip = sample.open().chip("fast");
  CHECK(chip.message.name() == "fast");
  CHECK(chip.message.hbm().data_rate() == 6.4e9);
  CHECK(chip.message.hbm().stacks() == 4);
  CHECK(chip.provenance.at("hbm.data_rate").grade == "A-");
  CHECK_FALSE(chip.provenance.at("hbm.data_rate").low.has_value());
  CHECK(chip.provenance.at("hbm.stacks").source == "data sheet");
}

TEST_CASE("a cycle of bases is shown") {
  const Sample sample;
  sample.write("chips/a.yaml", "base: b\n");
  sample.write("chips/b.yaml", "clock: 1 GHz\nbase: a\n");
  CHECK(sample.error([&] { sample.open().chip("a"); }) ==
        "chips/b.yaml:2:7: the bases form a cycle (a -> b -> a)");
  sample.write("chips/self.yaml", "base: self\n");
  CHECK(sample.error([&] { sample.open().chip("self"); }) ==
        "chips/self.yaml:1:7: the bases form a cycle (self -> self)");
}

TEST_CASE(
    "a base that does not exist is an error in the file, a name that does not is one of usage") {
  const Sample sample;
  sample.write("chips/a.yaml", "base: plian\n");
  CHECK(sample.error([&] { sample.open().chip("a"); }) ==
        "chips/a.yaml:1:7: no chip `plian` (did you mean `plain`? there are: a, fast, plain)");
  CHECK(sample.error([&] { sample.open().chip("fats"); }) ==
        "no chip `fats` (did you mean `fast`? there are: a, fast, plain)");
  CHECK(status_of([&] { sample.open().chip("fats"); }) == 2);
  CHECK(status_of([&] { sample.open().chip("../chips/plain"); }) == 2);
  CHECK(sample.error([&] { sample.open().system("x"); }) == "no system `x` (none in systems)");
}

TEST_CASE("a name inside a file must be its own") {
  const Sample sample;
  sample.write("chips/a.yaml", "name: b\nbase: plain\n");
  CHECK(sample.error([&] { sample.open().chip("a"); }) ==
        "chips/a.yaml:1:7: `name` differs from the config's own name (leave it out, or write `a`)");
  sample.write("chips/a.yaml", "name: a\nbase: plain\n");
  sample.write("chips/c.yaml", "base: a\n");
  CHECK(sample.open().chip("c").message.name() == "c");
}

TEST_CASE("a --set comes after the base, before validation, and is the user's") {
  const Sample sample;
  const auto catalog = sample.open({{"chips.plain.hbm.data_rate", "5.2 Gb/s"},
                                    {"chips.plain.energy.matrix.int8.op", "1 pJ/op"},
                                    {"chips.plain.clock", "1 GHz"},
                                    {"chips.plain.clock", "2 GHz"}});
  const Loaded<Chip> plain = catalog.chip("plain");
  CHECK(plain.message.hbm().data_rate() == 5.2e9);
  CHECK(plain.message.energy().matrix(0).op() == 1e-12);
  CHECK(plain.message.clock() == 2e9);  // the last wins
  const Origin& rate = plain.provenance.at("hbm.data_rate");
  CHECK(rate.grade == "user");
  CHECK(rate.source == "--set");
  CHECK_FALSE(rate.low.has_value());
  // What is inherited changes too; what `fast` says itself does not.
  const Loaded<Chip> fast = catalog.chip("fast");
  CHECK(fast.message.clock() == 2e9);
  CHECK(fast.message.hbm().data_rate() == 6.4e9);
  catalog.require_all_settings_used();
}

TEST_CASE("a wrong --set says so like a file") {
  const Sample sample;
  CHECK(
      sample.chip_error({{"chips.plain.hbm.data_rat", "5.2 Gb/s"}}) ==
      "--set chips.plain.hbm.data_rat: unknown key `data_rat` (did you mean `data_rate`? keys: "
      "stacks, channels_per_stack, channel_width, data_rate, service_fraction, latency, capacity, "
      "interleave, timing)");
  CHECK(sample.chip_error({{"chips.plain.power.cap", "350"}}) ==
        "--set chips.plain.power.cap: `cap`: `350` has no unit (units: W, kW, MW, GW, TW, mW, uW, "
        "nW, pW)");
  CHECK(sample.chip_error({{"chips.plain.hbm", "1"}}) ==
        "--set chips.plain.hbm: `hbm` is a map: name one of its keys (keys: stacks, "
        "channels_per_stack, channel_width, data_rate, service_fraction, latency, capacity, "
        "interleave, timing)");
  CHECK(sample.chip_error({{"chips.plain.clock.x", "1"}}) ==
        "--set chips.plain.clock.x: `clock` is a single value (nothing goes below it)");
  CHECK(sample.chip_error({{"chips.plain.energy.matrix.int9.op", "1"}}) ==
        "--set chips.plain.energy.matrix.int9.op: `matrix` has no `int9` (did you mean `int8`? "
        "there are: int8, bfloat16)");
  CHECK(sample.chip_error({{"chip_s.plain.clock", "1"}}) ==
        "--set chip_s.plain.clock: a path does not begin with `chip_s` (did you mean `chips`? it "
        "begins with: question, scenarios, uncertainty, chips, systems, models, processes, "
        "software, sites, supply, claims)");
  CHECK(status_of([&] { sample.open({{"chips.plain.power.cap", "350"}}).chip("plain"); }) == 3);
}

TEST_CASE("bare paths need a subject") {
  const Sample sample;
  auto catalog = sample.open({{"chip.clock", "1 GHz"}, {"software.reserved_memory", "1 GB"}});
  CHECK(catalog.chip("plain").message.clock() == 1.8e9);
  CHECK(sample.error([&] { catalog.require_all_settings_used(); }) ==
        "--set chip.clock: which chip is meant? (in use: chips.plain)");
  catalog.set_subject("chip", "plain");
  CHECK(catalog.chip("plain").message.clock() == 1e9);
  CHECK(sample.error([&] { catalog.require_all_settings_used(); }) ==
        "--set software.reserved_memory: no software `reserved_memory` (there are: cann)");
  catalog.set_subject("software", "cann");
  CHECK(catalog.software("cann").message.reserved_memory() == 1e9);
  CHECK_NOTHROW(catalog.require_all_settings_used());
}

TEST_CASE("a --set that nothing reads is refused") {
  const Sample sample;
  const auto unused = [&](const Setting& setting) {
    return sample.error([&] {
      const auto catalog = sample.open({setting});
      catalog.chip("plain");
      catalog.require_all_settings_used();
    });
  };
  CHECK(unused({"chips.fast.clock", "1 GHz"}) ==
        "--set chips.fast.clock: nothing here uses chip `fast` (in use: chips.plain)");
  CHECK(unused({"chips.fats.clock", "1 GHz"}) ==
        "--set chips.fats.clock: no chip `fats` (did you mean `fast`? there are: fast, plain)");
  CHECK(unused({"uncertainty.draws", "1000"}) ==
        "--set uncertainty.draws: no study is run here (`uncertainty` is a key of a study)");
}

TEST_CASE("PATH=VALUE is taken apart at the first equals sign") {
  CHECK(parse_setting("a.b=x=y").path == "a.b");
  CHECK(parse_setting("a.b=x=y").value == "x=y");
  for (const char* wrong : {"a.b", "=1", "a=", ""}) {
    CHECK(status_of([&] { parse_setting(wrong); }) == 2);
  }
  CHECK(error_of([] { parse_setting("clock"); }) ==
        "--set clock: write PATH=VALUE, for instance chips.NAME.clock='1.8 GHz'");
}

TEST_CASE("names may hold dots: the longest that fits is meant") {
  const Sample sample;
  sample.write("models/tiny-1.json", R"({"hidden_size": 8})");
  const auto catalog = sample.open({{"models.tiny-1.2.hidden_size", "128"},
                                    {"models.tiny-1.2.rope.factor", "20"},
                                    {"software.cann.fused.gate.up.ops", "[a, b]"}});
  CHECK(as_integer(*catalog.model("tiny-1.2").find("hidden_size")) == 128);
  CHECK(as_number(*catalog.model("tiny-1.2").find("rope")->find("factor")) == 20);
  CHECK(as_integer(*catalog.model("tiny-1").find("hidden_size")) == 8);
  CHECK(catalog.software("cann").message.fused(0).ops(1) == "b");
  catalog.require_all_settings_used();
}

TEST_CASE("models are found by name or path") {
  const Sample sample;
  const auto catalog = sample.open();
  CHECK(catalog.model_file("tiny-1.2") == sample.path() / "models/tiny-1.2.json");
  const auto other = sample.write("elsewhere/config.json", R"({"hidden_size": 5})");
  CHECK(catalog.model_file(other.string()) == other);
  CHECK(as_integer(*catalog.model(other.string()).find("hidden_size")) == 5);
  CHECK(sample.error([&] { catalog.model_file("tiny"); }) ==
        "no model `tiny` (there are: tiny-1.2)");
  CHECK(status_of([&] { catalog.model_file("./none.json"); }) == 2);
  CHECK(catalog.names("models") == std::vector<std::string>{"tiny-1.2"});
}
