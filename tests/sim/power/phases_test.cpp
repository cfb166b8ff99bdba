#include "sim/power/phases.h"

#include <catch2/catch.hpp>
#include <set>

using namespace reticle::power;

namespace {

constexpr double kCap_w = 500;
const VoltageCurve kPhaseCurve = {1e9, 1e9, 2e9, 1e8, 0.7, 0.9};  // eleven choices

// Work of one second at 1 GHz whose power is `watts` there and grows with the clock.
PhaseUse work(double watts, double clock_hz) {
  const double seconds = 1e9 / clock_hz;
  return {seconds, watts * clock_hz * 1e-9 * seconds};
}

}  // namespace

TEST_CASE("a run has as many phases as windows fit, one at least") {
  CHECK(phases(0.099, 0.035) == 2);
  CHECK(phases(0.106, 0.035) == 3);
  CHECK(phases(0.02, 0.035) == 1);
  CHECK(phases(100, 0) == 1);  // one clock for the whole run
}

TEST_CASE("each phase gets its own clock, at the cap where the cap holds it") {
  std::set<std::size_t> asked;
  const auto use = [&](std::size_t choice) {
    CHECK(asked.insert(choice).second);  // none twice
    const double hz = kPhaseCurve.clock_hz(choice);
    return std::vector<PhaseUse>{work(100, hz), work(400, hz), work(600, hz)};
  };
  const std::vector<PhaseClock> clocks = govern_phases(kPhaseCurve, kCap_w, 5, use);
  CHECK(clocks[0].within == 10);  // 200 W at 2 GHz
  CHECK(clocks[0].over_share == 0);
  CHECK(clocks[1].within == 2);  // 500 W at 1.25 GHz, between 1.2 and 1.3
  const PhaseUse below = work(400, 1.2e9);
  const PhaseUse above = work(400, 1.3e9);
  const double share = clocks[1].over_share;
  CHECK(((1 - share) * below.joules + share * above.joules) /
            ((1 - share) * below.seconds + share * above.seconds) ==
        Approx(kCap_w));
  CHECK(clocks[2].within == 0);  // over the cap at 1 GHz: nothing slower is there
  CHECK(clocks[2].over_share == 0);
}

TEST_CASE("where the phases' clocks are looked for first does not change them") {
  const auto use = [](std::size_t choice) {
    return std::vector<PhaseUse>{work(300, kPhaseCurve.clock_hz(choice)),
                                 work(450, kPhaseCurve.clock_hz(choice))};
  };
  const std::vector<PhaseClock> from_top = govern_phases(kPhaseCurve, kCap_w, 10, use);
  const std::vector<PhaseClock> from_bottom = govern_phases(kPhaseCurve, kCap_w, 0, use);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(from_top[i].within == from_bottom[i].within);
    CHECK(from_top[i].over_share == from_bottom[i].over_share);
  }
}
