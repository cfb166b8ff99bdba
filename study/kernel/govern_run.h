#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "models/chips/power.h"
#include "models/chips/streams.h"
#include "schema/kernel.pb.h"

namespace reticle::study {

// What a run of many tasks does: the same tasks at every clock.
struct RunWork {
  std::vector<chips::TaskSpan> spans;  // by task
  std::vector<chips::Joules> dynamic;  // by task, at nominal voltage
  engine::Ps length = 0;               // first to last, and what the chip then waits for
};

// The clock of a task's kernels, or two that they are in turn done at.
struct TaskClock {
  double hz = 0;
  double over_hz = 0;
  double over_share = 0;  // of the work at `over_hz`
  double average_hz() const { return hz + (over_hz - hz) * over_share; }
};

// What a kernel takes at a task's clock; `demand` says it at one clock.
DemandVector demand_at(const TaskClock& clock, const std::function<DemandVector(double)>& demand);

struct RunClocks {
  std::vector<TaskClock> of_phase;
  std::vector<std::size_t> phase_of;  // by task; empty: one phase
  const TaskClock& of_task(std::size_t task) const {
    return of_phase[phase_of.empty() ? 0 : phase_of[task]];
  }
};

RunClocks one_clock(double clock_hz);

struct RunPower {
  power::State state;     // of the mean chip, averaged over the run
  chips::Joules joules;   // of the mean chip, board, clock tree and leakage included
  double governed_w = 0;  // of the chip whose cores burn most: the others wait for it
};

// Of `chips` that wait for each other.
RunPower power_of(const power::ChipSpec& chip, std::int64_t chips, const RunClocks& clocks,
                  const RunWork& work);

// The highest clocks at which the chip that burns most of `chips` stays under the cap (the lowest
// clock if none is). One clock for a run shorter than two of the governor's windows; else one a
// phase, equal parts of its time not shorter than a window, each under the cap on its own. The
// choice of the curve that is `expected` is tried first; `at` runs at clocks.
RunClocks govern_run(const power::ChipSpec& chip, double cap_w, std::int64_t chips,
                     std::size_t expected, const std::function<RunWork(const RunClocks&)>& at);

}  // namespace reticle::study
