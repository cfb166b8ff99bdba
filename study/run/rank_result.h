#pragma once

#include <map>
#include <vector>

#include "models/systems/joint_run.h"
#include "schema/result.pb.h"
#include "sim/fabric/topology.h"
#include "study/run/rank_plan.h"

namespace reticle::study {

// The joint run as results print it: straggler, spreads over ranks, links by how busy they were.
RanksResult rank_result(const ScenarioInputs& inputs, const systems::JointRun& run,
                        const std::map<int, RowsByRank>& rows, const fabric::Topology& topology,
                        const std::vector<double>& link_bytes);

}  // namespace reticle::study
