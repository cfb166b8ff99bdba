#include "study/explain/inputs.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace reticle;
using namespace reticle::study;

namespace {

std::vector<Input> shipped(int scenario) {
  const std::filesystem::path root = RETICLE_SOURCE_DIR "/configs";
  config::Catalog catalog(root);
  const config::Loaded<Study> study = catalog.open_study(root / "studies/910c-vs-h800-decode.yaml");
  return candidate_inputs(load_scenario(catalog, study, study.message.scenarios(scenario)), study);
}

const Input* find(const std::vector<Input>& inputs, const std::string& path) {
  const auto found = std::find_if(inputs.begin(), inputs.end(),
                                  [&](const Input& one) { return one.path == path; });
  return found == inputs.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("candidates are numbers of the chip, the links, the software and the batch") {
  const std::vector<Input> inputs = shipped(0);
  const Input* rate = find(inputs, "chips.ascend-910c-die.hbm.data_rate");
  REQUIRE(rate != nullptr);
  CHECK(rate->value == 3.2e9);
  CHECK(rate->grade == "B");
  CHECK(rate->grid == 0);
  CHECK(find(inputs, "chips.ascend-910c-die.davinci.mte2_cube") != nullptr);
  CHECK(find(inputs, "systems.cloudmatrix384.fabric.tiers.ub_system.bandwidth") != nullptr);
  CHECK(find(inputs, "software.cann-cm384.launch.graph_gap") != nullptr);
  CHECK(find(inputs, "scenarios.910c.mtp.acceptance") != nullptr);
  REQUIRE(find(inputs, "scenarios.910c.sequences_per_rank") != nullptr);
  CHECK(find(inputs, "scenarios.910c.sequences_per_rank")->grid == 2);  // two micro-batches
  CHECK(find(inputs, "chips.ascend-910c-die.hbm.service_fraction") == nullptr);
  CHECK(find(inputs, "chips.ascend-910c-die.energy.hbm_byte") == nullptr);
}

TEST_CASE("every candidate can be set, up and down, as it is printed") {
  const std::filesystem::path root = RETICLE_SOURCE_DIR "/configs";
  for (const double factor : {1.1, 1 / 1.1}) {
    std::vector<config::Setting> settings;
    for (const Input& input : shipped(1)) {
      const Changed change = changed(input, factor);
      INFO(change.setting.path << "=" << change.setting.value);
      CHECK((factor > 1 ? change.value > input.value : change.value < input.value));
      if (input.path.rfind("scenarios.", 0) != 0) {  // more of everything would not fit in memory
        settings.push_back(change.setting);
      }
    }
    CHECK(settings.size() > 20);
    config::Catalog catalog(root, settings);
    const config::Loaded<Study> study =
        catalog.open_study(root / "studies/910c-vs-h800-decode.yaml");
    CHECK_NOTHROW(load_scenario(catalog, study, study.message.scenarios(1)));
    CHECK_NOTHROW(catalog.require_all_settings_used());
  }
}

TEST_CASE("a change moves at least one step of the input's grid") {
  CHECK(changed({"x", 48, "", "A", 2}, 1.1).value == 52);  // 52.8 is nearest to 52 (26.4 steps)
  CHECK(changed({"x", 4, "", "A", 2}, 1.1).value == 6);    // 4.4 would be 4 again
  CHECK(changed({"x", 4, "", "A", 2}, 1 / 1.1).value == 2);
  CHECK(changed({"x", 1.8e9, "Hz", "A", 0}, 1.1).value == Approx(1.98e9));
  CHECK(changed({"x", 1.8e9, "Hz", "A", 0}, 1.1).setting.value == "1980000000 Hz");
  CHECK(changed({"x", 20, "clk", "A", 1}, 1 / 1.1).setting.value == "18 clk");
}
