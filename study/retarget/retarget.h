#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/chips/power.h"
#include "schema/chip.pb.h"
#include "schema/model.pb.h"
#include "schema/system.pb.h"
#include "study/cost/cost_inputs.h"
#include "study/kernel/simulator.h"
#include "study/retarget/kernel_table.h"
#include "study/trace/profile_replay.h"
#include "workloads/traces/recording.h"

namespace reticle::study {

// Kernels of one class, recorded and on the target.
struct RetargetedClass {
  std::string name;
  std::uint64_t count = 0;
  std::int64_t recorded_ps = 0;
  std::int64_t simulated_ps = 0;         // with contention; the scaled ones included
  std::int64_t recognised_ps = 0;        // of the recorded time
  std::int64_t scaled_ps = 0;            // of the recorded time: kernels that are not simulated
  std::vector<engine::Ps> held_by = {};  // of the simulated time, by Resource
};

struct Retargeted {
  std::string system;
  std::string chip;
  std::string recorded_on;
  std::string software;    // the stack simulated
  std::int64_t ranks = 1;  // that the recording was one of
  std::uint64_t nodes = 0;
  std::int64_t recorded_ps = 0;
  std::int64_t simulated_ps = 0;
  std::vector<ReplayedStep> steps;
  std::vector<RetargetedClass> classes;   // longest recorded first
  std::vector<RetargetedKernel> kernels;  // by operator and shape, longest recorded first
  std::map<std::string, double>
      confidence;                          // share of recorded kernel time: high, medium, low, none
  double recognised_share = 0;             // high and medium
  double simulated_share = 0;              // of recorded kernel time, by operators on the target
  chips::Joules energy_j;                  // of one rank, whole makespan, by component
  power::State power;                      // of one rank, averaged over the makespan, at its clock
  std::map<std::string, double> cost_usd;  // of all ranks for the makespan, by basis with inputs
  std::vector<std::string> notes;
  // The run on the target: launching calls and kernels, on the recording's tracks.
  traces::Recording simulated;
};

// What a recorded rank does would take on another machine. Kernels that are recognised are
// simulated there on the cores that communication leaves; the others take the mean recorded time of
// their name times the ratio of the resource that bounds their class (`source`: the chip of the
// recording, may be null: they keep it). Then launches, streams and waits are replayed with
// contention for cores, L2, HBM and links, at the highest clock at which the average power stays
// under the chip's cap. Recorded durations of recognised kernels do not enter.
Retargeted retarget(const traces::Recording& recording, const Model& model, const System& system,
                    std::int64_t ranks_per_package, Simulator& simulator, const Chip* source);

// Adds what the packages of the ranks cost meanwhile: modelled, by price, and rented.
void add_cost(const CostSubject& machine, std::int64_t ranks_per_package, Retargeted& result);

nlohmann::ordered_json to_json(const Retargeted& result);
// With the `kernels` longest operators and shapes.
std::string to_text(const Retargeted& result, std::size_t kernels = 0);

}  // namespace reticle::study
