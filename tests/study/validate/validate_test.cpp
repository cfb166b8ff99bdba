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
