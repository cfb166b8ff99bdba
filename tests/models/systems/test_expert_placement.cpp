#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "models/systems/expert_load.h"
#include "models/systems/expert_placement.h"

using namespace reticle::systems;

namespace {

std::int64_t sum(const std::vector<std::int64_t>& rows) {
  return std::accumulate(rows.begin(), rows.end(), std::int64_t{0});
}

std::int64_t busiest(const std::vector<std::vector<std::int64_t>>& ranks) {
  std::int64_t most = 0;
  for (const auto& rank : ranks) {
    most = std::max(most, sum(rank));
  }
  return most;
}

}  // namespace

TEST_CASE("without EPLB copies are of the first experts and slots lie in order") {
  // Experts 0 to 3 with 40, 30, 20, 10 rows of 100; one copy, one shared slot of 50 rows.
  const auto rows = rows_by_rank({4, 1, 1, 3, false}, {0.4, 0.3, 0.2, 0.1}, 100, 50);
  CHECK(rows == std::vector<std::vector<std::int64_t>>{{20, 30}, {20, 10}, {20, 50}});
}

TEST_CASE("EPLB copies the heaviest expert and places the heaviest slot first") {
  // The copy goes to expert 0: slots 20, 20, 30, 20, 10 and shared 50, dealt 50 | 30 | 20, then the
  // lightest rank with a slot free: 20 to the 20, 20 to the 30, 10 to the 50.
  const auto rows = rows_by_rank({4, 1, 1, 3, true}, {0.4, 0.3, 0.2, 0.1}, 100, 50);
  CHECK(rows == std::vector<std::vector<std::int64_t>>{{10, 50}, {30, 20}, {20, 20}});
}

TEST_CASE("an expert hot enough gets several copies") {
  const auto rows = rows_by_rank({2, 2, 0, 4, true}, {0.9, 0.1}, 120, 0);
  CHECK(rows == std::vector<std::vector<std::int64_t>>{{36}, {36}, {36}, {12}});
}

TEST_CASE("EPLB never makes the busiest rank busier, and copies make it less busy") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const std::vector<double> drawn = drawn_shares("power_law_1.2", 256, 15360, 8, seed);
    CHECK(std::accumulate(drawn.begin(), drawn.end(), 0.0) == Approx(1));
    const auto in_order = rows_by_rank({256, 32, 32, 320, false}, drawn, 122880, 15360);
    const auto by_load = rows_by_rank({256, 32, 32, 320, true}, drawn, 122880, 15360);
    const auto no_copies = rows_by_rank({256, 0, 0, 256, true}, drawn, 122880, 0);
    CHECK(busiest(by_load) < busiest(in_order));
    CHECK(busiest(by_load) < busiest(no_copies));
    std::int64_t all = 0;
    for (const auto& rank : by_load) {
      all += sum(rank);
    }
    CHECK(all >= 122880 + 15360);
    CHECK(all <= 122880 + 15360 + 320);  // rounded up, a row a slot at most
  }
}

TEST_CASE("no expert gets more than a row of every token") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const std::vector<double> drawn = drawn_shares("power_law_3", 64, 4096, 8, seed);
    CHECK(*std::max_element(drawn.begin(), drawn.end()) <= 0.125);
    CHECK(std::accumulate(drawn.begin(), drawn.end(), 0.0) == Approx(1));
    CHECK(*std::min_element(drawn.begin(), drawn.end()) > 0);
  }
}

TEST_CASE("all on rank 0 leaves the other ranks the shared expert alone") {
  const auto rows = rows_on_rank_0({4, 1, 1, 3, true}, 100, 50);
  CHECK(rows == std::vector<std::vector<std::int64_t>>{{50, 50}, {0, 0}, {0, 50}});
}
