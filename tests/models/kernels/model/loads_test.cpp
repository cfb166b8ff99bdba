#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "models/kernels/expert_load.h"
#include "schema/errors.h"

using namespace reticle;
using kernels::expert_loads;

namespace {

std::vector<std::int64_t> sorted(std::vector<std::int64_t> loads) {
  std::sort(loads.begin(), loads.end());
  return loads;
}

}  // namespace

TEST_CASE("balanced loads differ by at most a row") {
  CHECK(expert_loads("balanced", 5, 2, 4) == std::vector<std::int64_t>{3, 3, 2, 2});
  CHECK(expert_loads("balanced", 1, 2, 4) == std::vector<std::int64_t>{1, 1, 0, 0});
}

TEST_CASE("every row goes to one expert, whatever the law") {
  for (const char* law : {"balanced", "power_law_1", "power_law_1.01", "power_law_1.2"}) {
    for (const std::int64_t tokens : {1, 3, 64, 1000, 65536}) {
      for (const std::int64_t experts : {8, 60, 128, 384}) {
        const auto loads = expert_loads(law, tokens, 6, experts);
        CAPTURE(law, tokens, experts);
        CHECK(static_cast<std::int64_t>(loads.size()) == experts);
        CHECK(std::accumulate(loads.begin(), loads.end(), std::int64_t{0}) == 6 * tokens);
        CHECK(*std::min_element(loads.begin(), loads.end()) >= 0);
      }
    }
  }
}

// For A = 2 and a = 1 the quantile is 1 / (1 - u (1 - 1/b)); b = 0.8 x 1000 = 800.
TEST_CASE("power-law loads are the quantiles of the law") {
  const auto loads = sorted(expert_loads("power_law_2", 1000, 4, 4));
  std::vector<double> x;
  double sum = 0;
  for (int i = 0; i < 4; ++i) {
    x.push_back(1 / (1 - (i + 0.5) / 4 * (1 - 1.0 / 800)));
    sum += x.back();
  }
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(std::abs(static_cast<double>(loads[i]) - 4000 * x[i] / sum) <= 1);
  }
}

// Crowded experts (tokens x topk > experts) draw from [1, 0.8 tokens], others from [0.01, 2].
TEST_CASE("the law's bounds change where there is a row an expert") {
  const auto at = expert_loads("power_law_1.2", 16, 8, 128);
  const auto over = expert_loads("power_law_1.2", 17, 8, 128);
  CHECK(*std::max_element(at.begin(), at.end()) > *std::max_element(over.begin(), over.end()));
}

TEST_CASE("a lower exponent is more uneven") {
  const auto most = [](const char* law) {
    const auto loads = expert_loads(law, 4096, 8, 128);
    return *std::max_element(loads.begin(), loads.end());
  };
  CHECK(most("balanced") == 256);
  CHECK(most("power_law_1.2") > 4 * 256);
}

TEST_CASE("other distributions are refused") {
  for (const char* law : {"even", "power_law_", "power_law_x", "power_law_0", "power_law_1.2x"}) {
    CHECK_THROWS_WITH(expert_loads(law, 1, 1, 1),
                      std::string("distribution ") + law + ": balanced or power_law_A with A > 0");
  }
}
