#include "study/validate/set.h"

#include <catch2/catch.hpp>

#include "schema/errors.h"
#include "tests/study/validate/set_folder.h"

using namespace reticle;
using namespace reticle::study;
using reticle::study::test::kLimit;
using reticle::study::test::SetFolder;

namespace {

const std::vector<std::string> kGemm = {"m", "n", "k", "dtype", "quantize_a"};
const char* const kTable =
    "dtype,m,n,depth,best_us,median_us,worst_us,extra_us\n"
    "bfloat16,16,64,128,5,6,7,1\n"
    "fp8,16,64,128,5,6,7,1\n"
    "bfloat16,32,64,128,5,8,10,2\n"
    "bfloat16,32,64,256,5,9,10.1,2\n";

std::string error_of(const SetFolder& folder, const std::string& name) {
  try {
    measurements(load_set(folder.path(), name), kGemm);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a set's rows carry operator keys, measured sums and disputes") {
  const SetFolder folder;
  folder.write("t.csv", kTable);
  folder.set(
      "one",
      std::string("chip: h100-sxm\nmeasured: [median_us, extra_us]\ndisputed_over: 2\n"
                  "keys: {k: {column: depth, times: 2}, quantize_a: {value: \"true\"}}\n"
                  "rows: {dtype: {equals: bfloat16}, median_us: {at_least: 6, below: 9.5}}\n") +
          kLimit);
  const LoadedSet loaded = load_set(folder.path(), "one");
  CHECK(loaded.source == "made up");
  CHECK(loaded.set.name() == "one");
  const std::vector<Measurement> rows = measurements(loaded, kGemm);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].keys ==
        std::vector<config::Assignment>{
            {"m", "16"}, {"n", "64"}, {"k", "256"}, {"dtype", "bfloat16"}, {"quantize_a", "true"}});
  CHECK(rows[0].measured == 7);
  CHECK(rows[1].measured == 10);
  CHECK_FALSE(rows[1].disputed);  // 10 is twice 5, not over it
  CHECK(rows[2].disputed);
}

TEST_CASE("a filter's bounds are at least and below") {
  const SetFolder folder;
  folder.write("t.csv", kTable);
  folder.set("one", std::string("chip: h100-sxm\nmeasured: [median_us]\n"
                                "rows: {median_us: {at_least: 8, below: 9}}\n") +
                        kLimit);
  const auto rows = measurements(load_set(folder.path(), "one"), kGemm);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].measured == 8);
}

TEST_CASE("what is wrong with a set or its table is told with its place") {
  const SetFolder folder;
  folder.write("t.csv", "m,n,k,median_us\n1,2,3,4\n1,2,3,fast\n");
  folder.set("good", std::string("chip: h100-sxm\nmeasured: [median_us]\n") + kLimit);
  folder.set("column", std::string("chip: h100-sxm\nmeasured: [mean_us]\n") + kLimit);
  folder.set("both", std::string("chip: h100-sxm\nsystem: hgx-h800\nmeasured: [m]\n") + kLimit);
  folder.set("key", std::string("chip: h100-sxm\nmeasured: [m]\ntabel: x\n") + kLimit);
  CHECK(error_of(folder, "goood") ==
        "no validation set `goood` (did you mean `good`? sets: both, "
        "column, good, key)");
  CHECK(error_of(folder, "good") == folder.file("t.csv") + ":3: median_us: `fast` is not a number");
  CHECK(error_of(folder, "column") == folder.file("t.csv") + ":1: no column `mean_us`");
  CHECK(error_of(folder, "both") == folder.file("sets/both.yaml") +
                                        ":1:1: a set measures either a chip or a system (give one "
                                        "of `chip` and `system`)");
  CHECK(error_of(folder, "key") ==
        folder.file("sets/key.yaml") +
            ":8:1: unknown key `tabel` (did you mean `table`? keys: name, title, "
            "chip, system, software, op, table, keys, rows, measured, "
            "quantity, disputed_over, sample, limit, goal, start, kernel_alone, "
            "clock, cores, group)");
}

TEST_CASE("a sample is spread over all rows and keeps their order") {
  std::vector<Measurement> rows(10);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].measured = static_cast<double>(i);
  }
  const auto some = sample(rows, 4);
  REQUIRE(some.size() == 4);
  CHECK(some[0].measured == 0);
  CHECK(some[1].measured == 2);
  CHECK(some[2].measured == 5);
  CHECK(some[3].measured == 7);
  CHECK(sample(rows, 10).size() == 10);
  CHECK(sample(rows, 11).size() == 10);
}

TEST_CASE("every set that is shipped can be read, and has rows") {
  const std::filesystem::path validation = std::string(RETICLE_SOURCE_DIR) + "/validation";
  const auto names = set_names(validation);
  REQUIRE(names.size() > 10);
  for (const std::string& name : names) {
    INFO(name);
    const LoadedSet loaded = load_set(validation, name);
    CHECK_FALSE(loaded.source.empty());
    CHECK_FALSE(measurements(loaded, kGemm).empty());
  }
}
