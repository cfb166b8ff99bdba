#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <set>
#include <sstream>

#include "schema/config/catalog.h"
#include "tests/support/folder.h"
#include "validation/calibrate/evaluate.h"
#include "validation/calibrate/fit.h"
#include "validation/calibrate/measured.h"
#include "validation/calibrate/parameter.h"

using namespace reticle;
using namespace reticle::validation;

namespace {

config::Catalog catalog() { return config::Catalog(std::string(RETICLE_SOURCE_DIR) + "/configs"); }

// 60 rows of 20 families; the last is disputed.
std::filesystem::path table(const test::Folder& folder) {
  std::ostringstream out;
  out << "m,n,k,dtype,quantize_a,best_us,median_us,worst_us,best_source\n";
  for (int family = 0; family < 20; ++family) {
    for (int m = 1; m <= 3; ++m) {
      out << m << "," << 64 + family << ",128,bfloat16,false,4,5," << (family == 19 ? 9 : 8)
          << ",x y\n";
    }
  }
  return folder.write("table.csv", out.str());
}

}  // namespace

TEST_CASE("undisputed rows are read, sampled and split by family the same way every time") {
  const test::Folder folder;
  const auto rows = measured_rows(table(folder), "gemm", {{"dtype", "bfloat16"}});
  REQUIRE(rows.size() == 57);
  CHECK(rows[0].us == 5);
  CHECK(rows[0].op.gemm().n() == 64);
  CHECK(measured_rows(table(folder), "gemm", {{"m", "2"}}).size() == 19);
  const auto drawn = sample(rows, 10);
  REQUIRE(drawn.size() == 10);
  CHECK(drawn[3].op.SerializeAsString() == sample(rows, 10)[3].op.SerializeAsString());
  CHECK(sample(rows, 1000).size() == 57);
  const auto [on, by] = split_by_family(rows);
  CHECK(on.size() + by.size() == 57);
  CHECK(on.size() > 12);
  CHECK(by.size() > 12);
  std::set<std::string> families;
  for (const Measured& row : on) {
    families.insert(row.family);
  }
  for (const Measured& row : by) {
    CHECK(families.count(row.family) == 0);
  }
}

TEST_CASE("residuals are shares of the measured time") {
  const Residual of = residual({std::log(0.5), std::log(1.1), std::log(1.2)});
  CHECK(of.rows == 3);
  CHECK(of.median == Approx(0.2));
  CHECK(of.bias == Approx(0.1));
  CHECK(of.mean_log == Approx((std::log(2) + std::log(1.1) + std::log(1.2)) / 3));
  CHECK(residual({}).rows == 0);
}

TEST_CASE("a fit finds the least cost inside the ranges and says when it stands at an end") {
  const Parameter free = {"a", false, 3, 0, 10, "", ""};
  const Parameter bound = {"b", false, 3, 0, 10, "", ""};
  const auto values = fit(
      {free, bound},
      [](const std::vector<double>& v) { return std::pow(v[0] - 7, 2) + std::pow(v[1] - 20, 2); },
      2);
  CHECK(values[0] == Approx(7).margin(0.7));
  CHECK_FALSE(at_edge(free, values[0]));
  CHECK(values[1] <= 10);
  CHECK(at_edge(bound, 9.9));
  CHECK(at_edge(bound, 0.1));
  CHECK_FALSE(at_edge(bound, 9.7));
}

TEST_CASE("free parameters are those whose config gives a range") {
  config::Loaded<Chip> chip = catalog().chip("h100-sxm");
  const Parameter barrier = parameter(chip.provenance, "tensor_gpu.barrier", false);
  CHECK(barrier.value == chip.message.tensor_gpu().barrier());
  CHECK(barrier.low == 20);
  CHECK(barrier.high == 60);
  CHECK_THROWS_WITH(parameter(chip.provenance, "tensor_gpu.sms", false),
                    "tensor_gpu.sms: no range to fit in (give low: and high:)");
  set_number(chip.message, "tensor_gpu.barrier", 33.6);
  CHECK(chip.message.tensor_gpu().barrier() == 34);
  set_number(chip.message, "l2.read_bandwidth", 4000.5);
  CHECK(chip.message.l2().read_bandwidth() == 4000.5);
}

// Two machines in one run: each is simulated in a process of its own.
TEST_CASE("a slower clock costs time, a refused row has no kernels") {
  const Chip chip = catalog().chip("h100-sxm").message;
  Chip slow = chip;
  slow.set_clock(chip.clock() / 2);
  const Software software = catalog().software(chip.software()).message;
  std::vector<Measured> rows(2);
  rows[0].us = rows[1].us = 10;
  Gemm& gemm = *rows[0].op.mutable_gemm();
  gemm.set_m(64);
  gemm.set_n(64);
  gemm.set_k(4096);
  gemm.set_dtype(DTYPE_BFLOAT16);
  gemm.set_out_dtype(DTYPE_BFLOAT16);
  rows[1] = rows[0];
  rows[1].op.mutable_gemm()->set_dtype(DTYPE_INT4);
  const auto fast = simulate(chip, software, rows);
  CHECK(fast[0].kernels() == 1);
  CHECK(fast[1].kernels() == 0);
  CHECK(simulate(slow, software, rows)[0].time_ps() > fast[0].time_ps());
  const auto errors = log_errors(chip, software, rows);
  REQUIRE(errors.size() == 1);
  CHECK(errors[0] == Approx(std::log(microseconds(fast[0], software) / 10)));
}
