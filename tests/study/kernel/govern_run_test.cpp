#include "study/kernel/govern_run.h"

#include <catch2/catch.hpp>

using namespace reticle;
using namespace reticle::study;

namespace {

constexpr double kCap_w = 500;

power::ChipSpec chip() {
  power::ChipSpec spec;
  spec.curve = {1e9, 1e9, 2e9, 1e8, 1, 1};  // one voltage: power grows with the clock alone
  spec.nominal_clock_hz = 2e9;
  spec.idle_w = 100;
  return spec;
}

// Tasks one after the other, each of a tenth of a second at 1 GHz, of so many joules.
RunWork run(const std::vector<double>& joules, const RunClocks& clocks) {
  RunWork work;
  for (std::size_t task = 0; task < joules.size(); ++task) {
    chips::TaskSpan span;
    span.start = work.length;
    span.end = work.length + static_cast<engine::Ps>(1e20 / clocks.of_task(task).average_hz());
    work.length = span.end;
    work.spans.push_back(span);
    work.dynamic.push_back({{"matrix", joules[task]}});
  }
  return work;
}

RunClocks governed(const power::ChipSpec& spec, const std::vector<double>& joules,
                   std::int64_t chips = 1) {
  return govern_run(spec, kCap_w, chips, spec.curve.clocks() - 1,
                    [&](const RunClocks& clocks) { return run(joules, clocks); });
}

}  // namespace

TEST_CASE("a run shorter than two windows has one clock, by its average power") {
  power::ChipSpec spec = chip();
  spec.control_window_s = 0.11;
  const RunClocks clocks = governed(spec, {40, 20});  // 300 W in 0.2 s at 1 GHz
  REQUIRE(clocks.of_phase.size() == 1);
  CHECK(clocks.of_phase[0].average_hz() == Approx(4e8 / 3e2 * 1e3).epsilon(1e-3));
  const RunPower power = power_of(spec, 1, clocks, run({40, 20}, clocks));
  CHECK(power.governed_w <= kCap_w);
  CHECK(power.governed_w > 0.99 * kCap_w);
  CHECK(power.state.power_w == power.governed_w);
}

TEST_CASE("a longer one has a clock in each phase: the hot one is slower, the cool one is not") {
  power::ChipSpec spec = chip();
  spec.control_window_s = 0.04;  // tasks take 0.05 to 0.1 s each
  const RunClocks clocks = governed(spec, {30, 10});
  REQUIRE(clocks.of_phase.size() == 2);
  CHECK(clocks.of_task(0).average_hz() == Approx(4e8 / 3e2 * 1e3).epsilon(0.01));
  CHECK(clocks.of_task(1).average_hz() == 2e9);
  const RunWork work = run({30, 10}, clocks);
  const RunPower power = power_of(spec, 1, clocks, work);
  const double seconds = static_cast<double>(work.length) * 1e-12;
  CHECK(chips::total(power.joules) == Approx(power.state.power_w * seconds));
  CHECK(power.joules.at("matrix") == Approx(40));
}

TEST_CASE("a window in which no task starts belongs to the phase before it") {
  power::ChipSpec spec = chip();
  spec.control_window_s = 0.01;  // five windows to a task
  const RunClocks clocks = governed(spec, {30, 10});
  REQUIRE(clocks.of_phase.size() == 2);
  const RunPower power = power_of(spec, 1, clocks, run({30, 10}, clocks));
  CHECK(power.joules.at("matrix") == Approx(40));
  CHECK(power.governed_w <= kCap_w);
}

TEST_CASE("without a window the whole run has one clock, however long") {
  CHECK(governed(chip(), std::vector<double>(50, 30)).of_phase.size() == 1);
}

TEST_CASE("of many chips the hottest sets the clock, and the mean one stays below the cap") {
  power::ChipSpec spec = chip();
  spec.spread = 0.04;
  const RunClocks alone = governed(spec, {30});
  const RunClocks many = governed(spec, {30}, 128);
  CHECK(many.of_phase[0].hz < alone.of_phase[0].hz);
  const RunPower power = power_of(spec, 128, many, run({30}, many));
  CHECK(power.governed_w <= kCap_w);
  CHECK(power.state.power_w < 0.95 * kCap_w);
}
