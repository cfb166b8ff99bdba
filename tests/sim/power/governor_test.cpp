#include "sim/power/governor.h"

#include <catch2/catch.hpp>
#include <set>

using namespace reticle::power;

namespace {

const VoltageCurve kCurve = {1e8, 1e9, 2e9, 1e8, 0.7, 0.9};  // 20 clocks, 0.1 to 2.0 GHz

// Power 100 W + 25 W a choice: 575 W at the highest of the 20.
double line(std::size_t choice) { return 100 + 25 * static_cast<double>(choice); }

struct Asked {
  Bracket bracket;
  std::size_t questions = 0;
};

Asked ask(double cap_w, double (*power_w)(std::size_t) = line, std::size_t expected = 19) {
  Asked asked;
  std::set<std::size_t> seen;
  asked.bracket = govern(kCurve, cap_w, expected, [&](std::size_t choice) {
    CHECK(choice < kCurve.clocks());
    CHECK(seen.insert(choice).second);  // none twice
    ++asked.questions;
    return power_w(choice);
  });
  return asked;
}

}  // namespace

TEST_CASE("under the cap the highest clock, after one question") {
  for (const double cap : {575.0, 576.0, 1e9}) {
    const Asked asked = ask(cap);
    CHECK(asked.bracket.within == 19);
    CHECK_FALSE(asked.bracket.over);
    CHECK(asked.questions == 1);
  }
}

TEST_CASE("a watt below its power lowers the clock, a watt above does not") {
  for (std::size_t choice = 1; choice < 20; ++choice) {
    CHECK(ask(line(choice) - 1).bracket.within == choice - 1);
    CHECK(ask(line(choice)).bracket.within == choice);
    CHECK(ask(line(choice) + 1).bracket.within == choice);
  }
}

TEST_CASE("the cap lies between the two neighbours of the answer") {
  const auto cube = [](std::size_t choice) {
    const double x = static_cast<double>(choice + 1) / 20;
    return 80 + 620 * x * x * x;
  };
  std::size_t before = 0;
  for (double cap = 81; cap < 700; cap += 7) {
    const Asked asked = ask(cap, +cube);
    REQUIRE(asked.bracket.over);
    CHECK(*asked.bracket.over == asked.bracket.within + 1);
    CHECK(cube(asked.bracket.within) <= cap);
    CHECK(cube(*asked.bracket.over) > cap);
    CHECK(asked.bracket.within >= before);  // a higher cap never lowers the clock
    CHECK(asked.questions <= 9);
    before = asked.bracket.within;
  }
}

TEST_CASE("a cap below the lowest clock's power gives the lowest clock") {
  CHECK(ask(99).bracket.within == 0);
  CHECK_FALSE(ask(99).bracket.over);
  CHECK(ask(100).bracket.within == 0);
  CHECK(ask(100).bracket.over == 1);
}

TEST_CASE("an expectation that is right takes two questions, any gives the same answer") {
  for (std::size_t choice = 0; choice < 19; ++choice) {
    const double cap = line(choice) + 1;
    CHECK(ask(cap, line, choice).questions == 2);
    for (std::size_t expected = 0; expected < 20; ++expected) {
      const Asked asked = ask(cap, line, expected);
      CHECK(asked.bracket.within == choice);
      CHECK(asked.bracket.over == choice + 1);
    }
  }
  CHECK(ask(1e9, line, 3).bracket.within == 19);
  CHECK(ask(99, line, 3).bracket.within == 0);
}
