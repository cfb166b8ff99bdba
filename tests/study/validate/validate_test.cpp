#include "study/validate/validate.h"

#include <catch2/catch.hpp>

#include "study/validate/report.h"
#include "tests/study/validate/set_folder.h"

using namespace reticle;
using namespace reticle::study;
using reticle::study::test::kLimit;
using reticle::study::test::SetFolder;

namespace {

// A table of two GEMMs, one of which no chip runs.
std::vector<ValidatedSet> compare(const SetFolder& folder, const std::string& measured_us) {
  folder.write("t.csv",
               "dtype,m,n,k,us\nbfloat16,1024,1024,1024," + measured_us + "\nbfloat16,0,16,16,1\n");
  folder.set("all", std::string("chip: h100-sxm\nmeasured: [us]\n") + kLimit);
  folder.set("one", std::string("chip: h100-sxm\nmeasured: [us]\nrows: {m: {at_least: 1}}\n") +
                        kLimit + "goal: {median_ape: 0.0001, p90_ape: 0.0001}\n");
  const config::Catalog catalog(std::string(RETICLE_SOURCE_DIR) + "/configs");
  kernels::Store store{std::filesystem::path()};
  return validate(catalog, {load_set(folder.path(), "all"), load_set(folder.path(), "one")}, {},
                  store, [](const std::string&, std::size_t, std::size_t) {});
}

}  // namespace

TEST_CASE("a set passes within its limit, and a refused row fails it") {
  const SetFolder folder;
  // 2 x 1024^3 / 989.4 TFLOPS is 2.2 us: no H100 takes 2 ms, so the error is -100 %.
  const auto sets = compare(folder, "2000");
  const ValidationSetResult& one = sets[1].result;
  CHECK(one.n() == 1);
  CHECK(one.bias() == Approx(-1).margin(0.01));
  CHECK_FALSE(one.passed());
  CHECK_FALSE(one.at_goal());
  const ValidationSetResult& all = sets[0].result;
  CHECK(all.rows_in_set() == 2);
  CHECK(all.n() == 1);
  CHECK(all.refused() == 1);
  CHECK_FALSE(all.passed());
  REQUIRE(sets[1].pairs.size() == 1);
  CHECK(sets[1].pairs[0].measured == 2000);
  ValidationResult result;
  *result.add_sets() = all;
  CHECK(validation_text(result).find("all: 1 rows refused, the first with: ") != std::string::npos);
}

// 2048^3 bf16 on 24 cores, as published of no one: only how sets are run and summed matters.
TEST_CASE("sets of a group are summed up, each with its clock and cores") {
  const SetFolder folder;
  folder.write("t.csv", "dtype,m,n,k,us\nbfloat16,2048,2048,2048,100\n");
  const std::string die = std::string("chip: ascend-910c-die\nmeasured: [us]\n") + kLimit;
  const std::string in_group = "group: made-up\ngoal: {median_ape: 0.0001, p90_ape: 0.0002}\n";
  folder.set("all", die + in_group);
  folder.set("apart", die);
  folder.set("few", die + in_group + "cores: 6\n");
  folder.set("slow", die + in_group + "clock: 0.9 GHz\n");
  folder.set("traffic", die + "quantity: hbm_gb_per_s\n");
  const config::Catalog catalog(std::string(RETICLE_SOURCE_DIR) + "/configs");
  kernels::Store store{std::filesystem::path()};
  std::vector<LoadedSet> loaded;
  for (const char* name : {"all", "apart", "few", "slow", "traffic"}) {
    loaded.push_back(load_set(folder.path(), name));
  }
  const std::vector<ValidatedSet> sets =
      validate(catalog, loaded, {}, store, [](const std::string&, std::size_t, std::size_t) {});
  const auto simulated = [&](std::size_t set) { return sets[set].pairs.at(0).simulated; };
  CHECK(simulated(1) == simulated(0));
  CHECK(simulated(2) > 2 * simulated(0));
  CHECK(simulated(3) > 1.5 * simulated(0));
  CHECK(simulated(4) < 1490);  // GB/s, what the die's HBM streams
  const std::vector<ValidationGroup> groups = summed_groups(sets);
  REQUIRE(groups.size() == 1);
  CHECK(groups[0].name() == "made-up");
  CHECK(groups[0].errors().n() == 3);
  CHECK(groups[0].goal().p90_ape() == 0.0002);
  CHECK_FALSE(groups[0].at_goal());
  ValidationResult result;
  *result.add_groups() = groups[0];
  CHECK(validation_text(result).find("all of made-up") != std::string::npos);
}
