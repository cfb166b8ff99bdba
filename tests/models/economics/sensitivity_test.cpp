#include "models/economics/sensitivity.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace reticle;
using namespace reticle::economics;

TEST_CASE("a linear result: shares are c^2 var, first order equals total") {
  const auto indices = sobol_indices(3, 4096, 1, [](const std::vector<double>& u) {
    return 100 + 3 * u[0] + 2 * u[1] + 0 * u[2];
  });
  CHECK(indices[0].first == Approx(9 / 13.0).margin(0.01));
  CHECK(indices[1].first == Approx(4 / 13.0).margin(0.01));
  CHECK(indices[2].first == Approx(0).margin(1e-9));
  CHECK(indices[0].total == Approx(indices[0].first).margin(0.01));
  CHECK(indices[2].total == 0);
}

TEST_CASE("a pure interaction has no first order and all of the total") {
  const auto indices = sobol_indices(
      2, 8192, 1, [](const std::vector<double>& u) { return (u[0] - 0.5) * (u[1] - 0.5); });
  CHECK(indices[0].first == Approx(0).margin(0.02));
  CHECK(indices[0].total == Approx(1).margin(0.03));
}

TEST_CASE("a result that does not vary has no indices") {
  const auto indices = sobol_indices(2, 64, 1, [](const std::vector<double>&) { return 7.0; });
  CHECK(indices[0].first == 0);
  CHECK(indices[1].total == 0);
}

TEST_CASE("a tornado moves one input at a time, the widest first") {
  Process process;
  process.set_wafer_cost(100);
  process.set_wafer_test_cost(10);
  config::Provenance provenance;
  provenance["wafer_cost"].low = 90;
  provenance["wafer_cost"].high = 120;
  provenance["wafer_test_cost"].low = 0;
  provenance["wafer_test_cost"].high = 50;
  UncertainInputs inputs(1);
  inputs.add(process, provenance, "p.", {""});
  const auto rows =
      tornado(inputs, [&] { return process.wafer_cost() + process.wafer_test_cost(); });
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].input == "p.wafer_test_cost");
  CHECK(rows[0].at_low == 100);
  CHECK(rows[0].at_high == 150);
  CHECK(rows[1].at_low == 100);
  CHECK(rows[1].at_high == 130);
  CHECK(process.wafer_cost() == 100);  // modes again
}

TEST_CASE("solving: a crossing to full precision, an end, or nothing") {
  CHECK(*solve(0, 10, 2, [](double x) { return x * x; }) == Approx(std::sqrt(2)).epsilon(1e-14));
  CHECK(*solve(0, 10, 0, [](double x) { return x; }) == 0);
  CHECK(*solve(0, 10, 10, [](double x) { return x; }) == 10);
  CHECK_FALSE(solve(0, 1, 2, [](double x) { return x; }));
}
