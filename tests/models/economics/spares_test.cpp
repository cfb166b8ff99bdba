#include "models/economics/spares.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <stdexcept>

using namespace reticle::economics;

TEST_CASE("enough good blocks, with many defects and with none") {
  CHECK(enough_good(4, 4, 0.1) == Approx(std::exp(-0.4)));
  CHECK(enough_good(4, 0, 50) == 1);
  CHECK(enough_good(144, 132, 0) == 1);
  // exp(-144 x 6) is no double any more; one core of 144 is good with 1 - (1 - e^-6)^144.
  CHECK(enough_good(144, 1, 6) ==
        Approx(-std::expm1(144 * std::log1p(-std::exp(-6)))).epsilon(1e-9));
}

TEST_CASE("cores in groups: two groups of two, by hand") {
  const double p = std::exp(-0.3);
  const double pair = p * p;
  // Both groups must be whole.
  CHECK(enough_good_in_groups({2, 2, 2, 2, 4}, 0.3) == Approx(pair * pair));
  // One whole group is enough; a half one is lost whole.
  CHECK(enough_good_in_groups({2, 2, 1, 2, 2}, 0.3) == Approx(1 - (1 - pair) * (1 - pair)));
  // Without a minimum the groups do not matter.
  CHECK(enough_good_in_groups({2, 2, 0, 0, 3}, 0.3) == Approx(enough_good(4, 3, 0.3)));
}

TEST_CASE("eight groups of 18 against throwing dice") {
  std::mt19937_64 random(7);
  std::bernoulli_distribution good(std::exp(-0.05));
  constexpr int kDice = 20000;
  int sellable = 0;
  for (int i = 0; i < kDice; ++i) {
    int groups = 0;
    int cores = 0;
    for (int g = 0; g < 8; ++g) {
      int here = 0;
      for (int c = 0; c < 18; ++c) {
        here += good(random) ? 1 : 0;
      }
      groups += here >= 16 ? 1 : 0;
      cores += here >= 16 ? here : 0;
    }
    sellable += groups >= 7 && cores >= 120 ? 1 : 0;
  }
  const double exact = enough_good_in_groups({8, 18, 7, 16, 120}, 0.05);
  CHECK(double(sellable) / kDice ==
        Approx(exact).margin(4 * std::sqrt(exact * (1 - exact) / kDice)));
}

TEST_CASE("repair: clustering hurts once there are repairs, and helps without") {
  CHECK(repaired(0, 0.5) < repaired(0, 0.5, 2));
  CHECK(repaired(2, 0.5) > repaired(2, 0.5, 2));
  CHECK(repaired(3, 0) == 1);
}

TEST_CASE("a test of full coverage lets nothing bad pass, one of none everything") {
  for (const double yield : {0.3, 0.9}) {
    CHECK(escapes_per_defect(yield, 1) == 0);
    CHECK(escapes_per_die(yield, 1) == Approx(0).margin(1e-15));
    CHECK(escapes_per_defect(yield, 0) == Approx(1 - yield));
    CHECK(escapes_per_die(yield, 0) == Approx(1 - yield));
  }
}

TEST_CASE("spares: the fewest that are enough") {
  CHECK(enough_up(384, 384, 1) == 1);
  CHECK(enough_up(3, 2, 0.9) == Approx(3 * 0.81 * 0.1 + 0.729));
  const int spares = spares_for(384, 0.99, 0.95);
  CHECK(enough_up(384 + spares, 384, 0.99) >= 0.95);
  CHECK(enough_up(384 + spares - 1, 384, 0.99) < 0.95);
  CHECK_THROWS_AS(spares_for(1, 0, 0.5), std::domain_error);
}
