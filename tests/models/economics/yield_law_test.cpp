#include "models/economics/yield_law.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

using namespace reticle;
using namespace reticle::economics;

namespace {

const std::vector<DefectLaw> kMixtures = {{YIELD_LAW_POISSON, 0, 1},
                                          {YIELD_LAW_MURPHY, 0, 1},
                                          {YIELD_LAW_RECTANGULAR, 0, 1},
                                          {YIELD_LAW_SEEDS, 0, 1},
                                          {YIELD_LAW_NEGATIVE_BINOMIAL, 2, 1},
                                          {YIELD_LAW_NEGATIVE_BINOMIAL, 0.2, 1},
                                          {YIELD_LAW_NEGATIVE_BINOMIAL, 1e7, 1}};

}  // namespace

TEST_CASE("no defects, every die, and always fewer with more defects") {
  std::vector<DefectLaw> all = kMixtures;
  all.push_back({YIELD_LAW_MOORE, 0, 1});
  all.push_back({YIELD_LAW_BOSE_EINSTEIN, 0, 10});
  for (const DefectLaw& law : all) {
    INFO(YieldLaw_Name(law.law));
    CHECK(defect_free(law, 0) == 1);
    double last = 1;
    for (double m = 1e-6; m < 100; m *= 3) {
      const double yield = defect_free(law, m);
      CHECK(yield < last);
      CHECK(yield >= 0);
      last = yield;
    }
    CHECK_THROWS_AS(defect_free(law, -0.1), std::domain_error);
  }
}

TEST_CASE("Poisson < Murphy < rectangular < Seeds for any number of defects") {
  for (double m = 1e-3; m < 50; m *= 2) {
    const double murphy = defect_free({YIELD_LAW_MURPHY, 0, 1}, m);
    const double rectangular = defect_free({YIELD_LAW_RECTANGULAR, 0, 1}, m);
    CHECK(std::exp(-m) < murphy);
    CHECK(murphy < rectangular);
    CHECK(rectangular < 1 / (1 + m));
    // Clustering between its two ends, Seeds and Poisson.
    const double clustered = defect_free({YIELD_LAW_NEGATIVE_BINOMIAL, 2, 1}, m);
    CHECK(std::exp(-m) < clustered);
    CHECK(clustered < 1 / (1 + m));
  }
}

TEST_CASE("the densities of a law have mean 1 and give its yield back") {
  for (const DefectLaw& law : kMixtures) {
    double sum = 0;
    double mean = 0;
    for (const DensityNode& node : density_nodes(law)) {
      sum += node.weight;
      mean += node.weight * node.factor;
    }
    INFO(YieldLaw_Name(law.law) << " " << law.clustering);
    CHECK(sum == Approx(1).epsilon(1e-12));
    CHECK(mean == Approx(1).epsilon(1e-9));
    for (const double m : {0.01, 0.8, 5.0, 40.0}) {
      double yield = 0;
      for (const DensityNode& node : density_nodes(law)) {
        yield += node.weight * std::exp(-m * node.factor);
      }
      CHECK(yield == Approx(defect_free(law, m)).epsilon(1e-9).margin(1e-13));
    }
  }
}

TEST_CASE("Bose-Einstein is negative binomial with the density of all layers") {
  CHECK(defect_free({YIELD_LAW_BOSE_EINSTEIN, 0, 10}, 0.05) ==
        Approx(defect_free({YIELD_LAW_NEGATIVE_BINOMIAL, 10, 1}, 0.5)).epsilon(1e-12));
}

TEST_CASE("a law without its parameter") {
  CHECK_THROWS_AS(defect_free({YIELD_LAW_NEGATIVE_BINOMIAL, 0, 1}, 1), std::domain_error);
  CHECK_THROWS_AS(defect_free({YIELD_LAW_BOSE_EINSTEIN, 0, 0}, 1), std::domain_error);
  CHECK_THROWS_AS(density_nodes({YIELD_LAW_MOORE, 0, 1}), std::domain_error);
}
