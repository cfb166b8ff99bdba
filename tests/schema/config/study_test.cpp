#include <catch2/catch.hpp>

#include "samples.h"
#include "schema/config/catalog.h"

using namespace reticle;
using namespace reticle::config;
using namespace reticle::config::test;

namespace {

struct Sample : Folder {
  Sample() {
    write("configs/chips/die.yaml", kChip);
    write("configs/chips/package.yaml",
          "base: die\nclock: {value: 1.5 GHz, grade: B, source: x}\n");
    write("configs/models/r1.json", R"({"hidden_size": 64, "num_layers": 4})");
  }
  Catalog catalog(const std::vector<Setting>& settings = {}) const {
    return Catalog(path() / "configs", settings);
  }
  std::filesystem::path study(const std::string& sections,
                              const char* name = "configs/studies/s.yaml") const {
    return write(name, kStudy + sections);
  }
  std::string error(const std::string& sections, const std::vector<Setting>& settings = {}) const {
    return error_of([&] { catalog(settings).open_study(study(sections)); }, path().string());
  }
};

constexpr const char* kSections = R"(chips:
  die:
    hbm: {data_rate: 5.2 Gb/s}
    power: {cap: {value: 400 W, grade: C}}
  made: {base: package, clock: 2 GHz}
models:
  r1: {num_layers: 8}
  small: {base: r1, hidden_size: 32}
)";

}  // namespace

TEST_CASE("a study is read with its presets and the names of its scenarios") {
  const Sample sample;
  const Loaded<Study> study = sample.catalog().open_study(sample.study(""));
  CHECK(study.message.name() == "s");
  REQUIRE(study.message.scenarios_size() == 1);
  const Scenario& one = study.message.scenarios(0);
  CHECK(one.name() == "one");
  CHECK(one.phase() == PHASE_DECODE);
  CHECK(one.micro_batches() == 1);
  CHECK(one.precision().linear() == DTYPE_INT8);
  CHECK(one.precision().combine() == DTYPE_BFLOAT16);
  CHECK(study.message.uncertainty().draws() == 10000);
  CHECK(study.provenance.at("scenarios.one.ranks").value == 320);
  CHECK(study.provenance.at("scenarios.one.site.life").unit == "year");
  CHECK(study.provenance.count("uncertainty.draws") == 0);
}

TEST_CASE("the sections of a study are laid over configs, also where they are a base") {
  const Sample sample;
  auto catalog = sample.catalog();
  catalog.open_study(sample.study(kSections));
  const Loaded<Chip> die = catalog.chip("die");
  CHECK(die.message.hbm().data_rate() == 5.2e9);
  CHECK(die.message.power().cap() == 400);
  CHECK(die.message.power().idle() == 90);
  CHECK(die.provenance.at("hbm.data_rate").grade == "B");  // of the study
  CHECK(die.provenance.at("hbm.data_rate").source == "paper");
  CHECK(die.provenance.at("power.cap").grade == "C");
  CHECK(die.provenance.at("hbm.stacks").source == "data sheet");
  CHECK(catalog.chip("package").message.hbm().data_rate() == 5.2e9);
  CHECK(catalog.chip("made").message.clock() == 2e9);
  CHECK(catalog.chip("made").message.hbm().data_rate() == 5.2e9);
  CHECK(catalog.names("chips") == std::vector<std::string>{"die", "made", "package"});
}

TEST_CASE("models have sections too") {
  const Sample sample;
  auto catalog = sample.catalog();
  catalog.open_study(sample.study(kSections));
  CHECK(as_integer(*catalog.model("r1").find("num_layers")) == 8);
  CHECK(as_integer(*catalog.model("small").find("num_layers")) == 8);
  CHECK(as_integer(*catalog.model("small").find("hidden_size")) == 32);
  catalog.open_study(sample.study("models: {r1: {num_layer: 8}}\n"));
  CHECK(error_of([&] { catalog.model("r1"); }, sample.path().string()) ==
        "configs/studies/s.yaml:25:15: `r1` has no key `num_layer` (did you mean `num_layers`?)");
}

TEST_CASE("another study takes the place of the first one's sections") {
  const Sample sample;
  auto catalog = sample.catalog();
  catalog.open_study(sample.study(kSections));
  catalog.open_study(sample.study(""));
  CHECK(catalog.chip("die").message.hbm().data_rate() == 3.2e9);
}

TEST_CASE("a --set lies on top of the sections and of the study") {
  const Sample sample;
  auto catalog = sample.catalog({{"chips.die.hbm.data_rate", "6 Gb/s"},
                                 {"chips.made.clock", "1 GHz"},
                                 {"scenarios.one.ranks", "160"},
                                 {"models.small.hidden_size", "16"},
                                 {"uncertainty.draws", "500"}});
  const Loaded<Study> study = catalog.open_study(sample.study(kSections));
  CHECK(study.message.scenarios(0).ranks() == 160);
  CHECK(study.message.uncertainty().draws() == 500);
  CHECK(study.provenance.at("scenarios.one.ranks").grade == "user");
  CHECK(catalog.chip("package").message.hbm().data_rate() == 6e9);
  CHECK(catalog.chip("made").message.clock() == 1e9);
  CHECK(as_integer(*catalog.model("small").find("hidden_size")) == 16);
  catalog.require_all_settings_used();
}

TEST_CASE("wrong sections and settings of a study are refused") {
  const Sample sample;
  CHECK(sample.error("chips: {dei: {clock: 1 GHz}}\n") ==
        "configs/studies/s.yaml:25:9: no chip `dei` to change (did you mean `die`? there are: die, "
        "package)");
  CHECK(
      sample.error("chips: {die: {base: package}}\n") ==
      "configs/studies/s.yaml:25:15: chip `die` exists already (leave out `base`, or give the new "
      "one another name)");
  CHECK(sample.error("chips: {die: 3}\n") ==
        "configs/studies/s.yaml:25:14: `chips.die` must be a map");
  CHECK(
      sample.error("scenarioz: {}\n") ==
      "configs/studies/s.yaml:25:1: unknown key `scenarioz` (did you mean `scenarios`? keys: name, "
      "question, scenarios, uncertainty, inversions)");
  CHECK(sample.error("", {{"scenarios.two.ranks", "1"}}) ==
        "--set scenarios.two.ranks: `scenarios` has no `two` (there are: one)");
  CHECK(sample.error("", {{"scenarios.one.ranks", "0"}}) ==
        "--set scenarios.one.ranks: `ranks`: `0` is out of range (at least 1)");
  CHECK(sample.error("", {{"scenarios.one.name", "x"}}).find("unknown key `name`") !=
        std::string::npos);
}

TEST_CASE("a wrong key in a section is found when the config is read") {
  const Sample sample;
  auto catalog = sample.catalog();
  catalog.open_study(sample.study("chips: {die: {clok: 1 GHz}}\n"));
  CHECK(error_of([&] { catalog.chip("die"); }, sample.path().string())
            .find("configs/studies/s.yaml:25:15: unknown key `clok` (did you mean `clock`?") == 0);
}

TEST_CASE("a study may be based on another, its sections included") {
  const Sample sample;
  sample.study(kSections, "configs/studies/first.yaml");
  const auto second =
      sample.write("configs/studies/second.yaml",
                   "base: first\ngrade: C\nsource: me\nchips: {die: {clock: 1 GHz}}\n"
                   "scenarios: {one: {ranks: 8}}\n");
  auto catalog = sample.catalog();
  const Loaded<Study> study = catalog.open_study(second);
  CHECK(study.message.name() == "second");
  CHECK(study.message.scenarios(0).ranks() == 8);
  CHECK(study.message.scenarios(0).cached_tokens() == 4096);
  CHECK(catalog.chip("die").message.clock() == 1e9);
  CHECK(catalog.chip("die").message.hbm().data_rate() == 5.2e9);
}

TEST_CASE("a study that is based on itself is refused") {
  const Sample sample;
  const auto file = sample.write("configs/studies/s.yaml", "base: s\n");
  CHECK(error_of([&] { sample.catalog().open_study(file); }, sample.path().string()) ==
        "configs/studies/s.yaml:1:7: the bases form a cycle (s -> s)");
}

TEST_CASE("numbers in a file outside the catalog are the user's, at their place") {
  const Sample sample;
  const auto file = sample.write("mine.yaml",
                                 "base: s\nscenarios:\n  one: {ranks: 8, "
                                 "cached_tokens: {value: 9, source: me}}\n");
  sample.study("");
  const Loaded<Study> study = sample.catalog().open_study(file);
  const Origin& ranks = study.provenance.at("scenarios.one.ranks");
  CHECK(ranks.grade == "user");
  CHECK(ranks.source == file.string() + ":3:16");
  CHECK(study.provenance.at("scenarios.one.cached_tokens").source == "me");
  CHECK(study.provenance.at("scenarios.one.cached_tokens").grade == "user");
  CHECK(study.provenance.at("scenarios.one.sequences_per_rank").grade == "B");
}
