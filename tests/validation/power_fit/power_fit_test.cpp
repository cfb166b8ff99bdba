#include "validation/power_fit/power_fit.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>

#include "schema/errors.h"
#include "validation/power_fit/measured_power.h"

using namespace reticle;
using namespace reticle::validation;

namespace {

power::ChipSpec chip() {
  power::ChipSpec spec;
  spec.curve = {4e8, 1e9, 2e9, 1e8, 0.7, 0.9};
  spec.nominal_clock_hz = 1.8e9;
  spec.idle_w = 80;
  spec.clock_tree_w = 40;
  spec.leakage_w = 40;
  spec.leakage_c = 60;
  spec.leakage_doubling_k = 30;
  spec.thermal_k_per_w = 0.06;
  spec.coolant_c = 25;
  return spec;
}

const std::vector<Parameter> kGuess = {
    {"energy.matrix.bfloat16.op", "matrix", 0.5e-12, 0.3e-12, 1e-12},
    {"energy.l2_byte", "l2", 20e-12, 5e-12, 50e-12},
    {"energy.hbm_byte", "hbm", 90e-12, 60e-12, 110e-12}};

// Kernels of different mixes whose power follows from `truth` times what kGuess would give.
std::vector<Sample> samples(const std::vector<double>& truth) {
  std::vector<Sample> all;
  for (int i = 0; i < 12; ++i) {
    Sample one;
    one.dynamic = {{"matrix", 0.02 * (i % 4)}, {"l2", 0.01 * (i % 3)}, {"hbm", 0.005 * (12 - i)}};
    one.seconds = 2e-4 + 1e-5 * i;
    one.clock_hz = 1.5e9 + 4e7 * i;
    std::vector<Parameter> real = kGuess;
    for (std::size_t p = 0; p < real.size(); ++p) {
      real[p].value *= truth[p];
    }
    one.power_w = predicted_power(chip(), one, kGuess, real);
    all.push_back(one);
  }
  return all;
}

}  // namespace

TEST_CASE("the fit finds the energies that made the powers") {
  const std::vector<Parameter> found = fit_power(chip(), samples({1.4, 0.6, 1.1}), kGuess);
  CHECK(found[0].value * 1e12 == Approx(0.7).epsilon(1e-3));
  CHECK(found[1].value * 1e12 == Approx(12).epsilon(1e-3));
  CHECK(found[2].value * 1e12 == Approx(99).epsilon(1e-3));
}

TEST_CASE("an outlier moves it little") {
  std::vector<Sample> all = samples({1.4, 0.6, 1.1});
  all[5].power_w /= 2;
  const std::vector<Parameter> found = fit_power(chip(), all, kGuess);
  CHECK(found[0].value * 1e12 == Approx(0.7).epsilon(0.02));
  CHECK(found[2].value * 1e12 == Approx(99).epsilon(0.02));
}

TEST_CASE("of a row that the cap holds at an unknown clock only its lower bound counts") {
  std::vector<Sample> all = samples({1, 1, 1});
  Sample& one = all.front();
  one.at_least = true;
  const double predicted = one.power_w;
  one.power_w = 0.5 * predicted;
  CHECK(log_error(chip(), one, kGuess, kGuess) == 0);
  one.power_w = 2 * predicted;
  CHECK(log_error(chip(), one, kGuess, kGuess) == Approx(std::log(0.5)));
}

TEST_CASE("no value leaves its physical range") {
  const std::vector<Parameter> found = fit_power(chip(), samples({4, 1, 1}), kGuess);
  CHECK(found[0].value <= 1e-12);
  CHECK(found[0].value * 1e12 == Approx(1.0).epsilon(1e-3));
}

TEST_CASE("a power table is read, and one without the columns refused") {
  const std::string file = "power_table_test.csv";
  std::ofstream(file) << "dtype,m,n,k,quantize_a,median_us,power_w,power_us\n"
                         "bfloat16,16,64,128,false,3,150.5,2.5\n";
  const std::vector<MeasuredPower> rows = read_power_table(file);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].op.gemm().k() == 128);
  CHECK(rows[0].family == "64x128");
  CHECK(rows[0].seconds == Approx(2.5e-6));
  CHECK(rows[0].power_w == 150.5);
  std::ofstream(file) << "dtype,m,n,k,quantize_a\n";
  CHECK_THROWS_WITH(read_power_table(file), "power_table_test.csv:1: no column `power_w`");
  std::remove(file.c_str());
}
