#pragma once

#include <vector>

#include "models/chips/power.h"
#include "models/chips/streams.h"
#include "models/systems/network.h"
#include "schema/kernel.pb.h"
#include "study/kernel/simulator.h"
#include "study/run/inputs.h"
#include "workloads/llm/graph.h"

namespace reticle::study {

// One node of the step's graph with what it takes: a kernel's demand, or a transfer's network cost
// (then the demand is that of cores that send and receive, beyond the network's time).
struct StepNode {
  bool network = false;
  Cores cores;
  DemandVector demand;
  systems::NetworkCost transfer;

  chips::Joules dynamic_energy() const;  // at nominal voltage
};

// One step of one rank, the busiest unless each was simulated, on the clock.
struct Step {
  std::size_t rank = 0;  // whose step it is
  llm::Graph graph;
  std::vector<StepNode> nodes;           // as graph.nodes
  std::vector<chips::StreamTask> tasks;  // as graph.nodes
  std::vector<chips::TaskSpan> spans;    // as graph.nodes
  engine::Ps device_ps = 0;              // first launch to last end
  engine::Ps host_ps = 0;                // host work the device waits for
  engine::Ps total_ps() const { return device_ps + host_ps; }
  power::State power;     // of the mean rank, averaged over the step, in steady state
  chips::Joules joules;   // of that rank, board, clock tree and leakage included
  double governed_w = 0;  // of the rank whose cores burn most: the others wait for it
};

// At the highest clock at which the rank that burns most stays under its cap (govern_run).
Step simulate_step(const ScenarioInputs& inputs, Simulator& simulator);

}  // namespace reticle::study
