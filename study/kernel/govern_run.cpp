#include "study/kernel/govern_run.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>

#include "models/kernels/demand.h"
#include "sim/power/governor.h"
#include "sim/power/phases.h"
#include "sim/power/spread.h"

namespace reticle::study {

namespace {

constexpr double kSecondsPerPs = 1e-12;

struct PhaseLoad {
  double seconds = 0;
  chips::Joules dynamic;
};

// A phase lasts from the first start in it to the first in the next.
std::vector<PhaseLoad> loads(const RunClocks& clocks, const RunWork& work) {
  const std::size_t count = clocks.of_phase.size();
  std::vector<engine::Ps> begins(count, work.length);
  std::vector<PhaseLoad> loads(count);
  for (std::size_t task = 0; task < work.spans.size(); ++task) {
    const std::size_t phase = clocks.phase_of.empty() ? 0 : clocks.phase_of[task];
    begins[phase] = std::min(begins[phase], work.spans[task].start);
    for (const auto& [component, joules] : work.dynamic[task]) {
      loads[phase].dynamic[component] += joules;
    }
  }
  begins.front() = 0;
  for (std::size_t phase = 0; phase < count; ++phase) {
    const engine::Ps end = phase + 1 < count ? begins[phase + 1] : work.length;
    const engine::Ps lasts = std::max<engine::Ps>(end - begins[phase], 1);
    loads[phase].seconds = static_cast<double>(lasts) * kSecondsPerPs;
  }
  return loads;
}

power::State state_of(const power::ChipSpec& chip, double clock_hz, const PhaseLoad& load) {
  return power::steady_state(chip, clock_hz, chips::load_of(load.dynamic, load.seconds));
}

// Equal parts of the run's time; a task is in the one in which it starts. Parts in which none
// starts belong to the one before.
std::vector<std::size_t> phase_of(const RunWork& work, std::size_t parts) {
  const double length = static_cast<double>(work.length) / static_cast<double>(parts);
  std::vector<std::size_t> part_of;
  for (const chips::TaskSpan& span : work.spans) {
    const auto part = static_cast<std::size_t>(static_cast<double>(span.start) / length);
    part_of.push_back(std::min(part, parts - 1));
  }
  const std::set<std::size_t> used(part_of.begin(), part_of.end());
  for (std::size_t& part : part_of) {
    part = static_cast<std::size_t>(std::distance(used.begin(), used.find(part)));
  }
  return part_of;
}

class Governor {
 public:
  Governor(const power::ChipSpec& chip, double cap_w, std::int64_t chips,
           const std::function<RunWork(const RunClocks&)>& at)
      : chip_(chip), cap_w_(cap_w), chips_(chips), at_(at) {}

  RunClocks run(std::size_t expected) {
    const RunWork& first = work(chip_.curve.clock_hz(expected));
    const auto seconds = static_cast<double>(first.length) * kSecondsPerPs;
    const std::size_t parts = power::phases(seconds, chip_.control_window_s);
    return parts > 1 ? by_phase(phase_of(first, parts), expected) : as_one(expected);
  }

 private:
  const RunWork& work(double clock_hz) {
    const auto [found, fresh] = known_.try_emplace(clock_hz);
    if (fresh) {
      found->second = at_(one_clock(clock_hz));
    }
    return found->second;
  }

  double watts(double clock_hz) {
    return power_of(chip_, chips_, one_clock(clock_hz), work(clock_hz)).governed_w;
  }

  RunClocks as_one(std::size_t expected) {
    const power::VoltageCurve& curve = chip_.curve;
    const power::Bracket bracket = power::govern(
        curve, cap_w_, expected, [&](std::size_t choice) { return watts(curve.clock_hz(choice)); });
    const double within_hz = curve.clock_hz(bracket.within);
    return one_clock(bracket.over ? between(within_hz, curve.clock_hz(*bracket.over)) : within_hz);
  }

  // Closer to the cap from below: where the line between the best clock under it and the lowest one
  // over it crosses. Drivers set clocks in whole megahertz.
  double between(double below_hz, double over_hz) {
    constexpr int kRefinements = 2;
    for (int i = 0; i < kRefinements; ++i) {
      const double share = (cap_w_ - watts(below_hz)) / (watts(over_hz) - watts(below_hz));
      const double clock_hz = std::floor((below_hz + (over_hz - below_hz) * share) * 1e-6) * 1e6;
      if (clock_hz <= below_hz) {
        break;
      }
      (watts(clock_hz) <= cap_w_ ? below_hz : over_hz) = clock_hz;
    }
    return below_hz;
  }

  RunClocks by_phase(const std::vector<std::size_t>& phase_of, std::size_t expected) {
    const std::size_t count = 1 + *std::max_element(phase_of.begin(), phase_of.end());
    const power::ChipSpec hottest = power::hottest(chip_, chips_);
    const power::VoltageCurve& curve = chip_.curve;
    const auto use = [&](std::size_t choice) {
      const double clock_hz = curve.clock_hz(choice);
      std::vector<power::PhaseUse> uses;
      const RunClocks clocks = {std::vector<TaskClock>(count), phase_of};
      for (const PhaseLoad& load : loads(clocks, work(clock_hz))) {
        const double watts = state_of(hottest, clock_hz, load).power_w;
        uses.push_back({load.seconds, watts * load.seconds});
      }
      return uses;
    };
    RunClocks clocks;
    clocks.phase_of = phase_of;
    for (const power::PhaseClock& phase : power::govern_phases(curve, cap_w_, expected, use)) {
      const std::size_t over = std::min(phase.within + 1, curve.clocks() - 1);
      clocks.of_phase.push_back(
          {curve.clock_hz(phase.within), curve.clock_hz(over), phase.over_share});
    }
    return clocks;
  }

  const power::ChipSpec& chip_;
  double cap_w_;
  std::int64_t chips_;
  const std::function<RunWork(const RunClocks&)>& at_;
  std::map<double, RunWork> known_;  // by the one clock of the run
};

}  // namespace

DemandVector demand_at(const TaskClock& clock, const std::function<DemandVector(double)>& demand) {
  const DemandVector within = demand(clock.hz);
  return clock.over_share == 0
             ? within
             : kernels::interpolate(within, demand(clock.over_hz), clock.over_share);
}

RunClocks one_clock(double clock_hz) { return {{{clock_hz, clock_hz, 0}}, {}}; }

RunPower power_of(const power::ChipSpec& chip, std::int64_t chips, const RunClocks& clocks,
                  const RunWork& work) {
  const power::ChipSpec hottest = power::hottest(chip, chips);
  const std::vector<PhaseLoad> all = loads(clocks, work);
  std::vector<power::State> mean;
  std::vector<power::State> most;
  std::vector<double> seconds;
  RunPower out;
  for (std::size_t phase = 0; phase < all.size(); ++phase) {
    const double clock_hz = clocks.of_phase[phase].average_hz();
    mean.push_back(state_of(chip, clock_hz, all[phase]));
    most.push_back(state_of(hottest, clock_hz, all[phase]));
    seconds.push_back(all[phase].seconds);
    for (const auto& [component, joules] :
         chips::energies(all[phase].dynamic, mean.back(), seconds.back())) {
      out.joules[component] += joules;
    }
  }
  out.state = power::average(mean, seconds);
  out.governed_w = power::average(most, seconds).power_w;
  return out;
}

RunClocks govern_run(const power::ChipSpec& chip, double cap_w, std::int64_t chips,
                     std::size_t expected, const std::function<RunWork(const RunClocks&)>& at) {
  return Governor(chip, cap_w, chips, at).run(expected);
}

}  // namespace reticle::study
