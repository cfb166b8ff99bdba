#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "models/systems/joint_run.h"
#include "schema/result.pb.h"
#include "study/run/rank_plan.h"
#include "study/run/step.h"

namespace reticle::study {

// A step with every rank by itself.
struct RankStep {
  systems::JointRun run;
  RanksResult result;
  std::vector<engine::Ps> held_by;  // the critical path, over all ranks, by Resource
  std::map<int, RowsByRank> rows;   // of each layer with experts
};

// The operator graph of `step` (one rank for all, balanced, at its clock) on every rank of the
// machine: experts with the rows that the rank's slots get, every other kernel as it is there;
// dispatches and combines over the machine's links under max-min sharing, each when its last rank
// has arrived. The clock stays that of the balanced step, so that all ranks run at one.
//
// `step` becomes that of the rank others waited for longest: its spans, kernels and transfers. Its
// length is the last rank's, its energy and power are those of the mean rank.
RankStep simulate_ranks(const ScenarioInputs& inputs, Simulator& simulator, Step& step,
                        std::uint64_t seed);

}  // namespace reticle::study
