#include "study/run/rank_plan.h"

#include <numeric>

#include "models/systems/expert_load.h"
#include "models/systems/expert_placement.h"
#include "schema/errors.h"
#include "sim/fabric/topology.h"

namespace reticle::study {

namespace {

constexpr std::uint64_t kSeedStride = 1'000'003;  // seeds of layers do not meet those of runs

bool ranks_differ(const ScenarioInputs& inputs) {
  return !systems::even_load(inputs.scenario.routing()) || fabric::uneven(inputs.system.message);
}

systems::SlotContents contents(const ScenarioInputs& inputs) {
  const ExpertPlacement& placement = inputs.scenario.experts();
  const bool even = systems::even_load(inputs.scenario.routing());
  return {inputs.model.experts().routed(), placement.redundant(), placement.shared_slots(),
          inputs.scenario.ranks(), inputs.scenario.eplb() || even};
}

}  // namespace

bool rank_by_rank(const ScenarioInputs& inputs) {
  return inputs.scenario.has_per_rank() ? inputs.scenario.per_rank() : ranks_differ(inputs);
}

void check_ranks(const ScenarioInputs& inputs, const llm::Locate& locate) {
  const Scenario& scenario = inputs.scenario;
  try {
    systems::check_load("routing", scenario.routing());
  } catch (const UsageError& error) {
    throw ConfigError(locate("ranks"), error.what());
  }
  if (!rank_by_rank(inputs)) {
    if (ranks_differ(inputs)) {
      throw ConfigError(locate("ranks"),
                        "per_rank: false, but ranks differ (routing, faults of single dies)",
                        "leave per_rank out");
    }
    return;
  }
  if (scenario.phase() != PHASE_DECODE) {
    throw ConfigError(locate("ranks"), "ranks are simulated one by one in decode alone",
                      "balanced routing, and no faults of single dies");
  }
  if (scenario.imbalance() > 1) {
    throw ConfigError(locate("imbalance"), "ranks get their own rows: imbalance says nothing more",
                      "leave imbalance out, or choose balanced routing with per_rank: false");
  }
  if (scenario.ranks() < 2) {
    throw ConfigError(locate("ranks"), "one rank has no others to differ from",
                      "per_rank needs 2 ranks or more");
  }
}

std::map<int, RowsByRank> rows_of_layers(const ScenarioInputs& inputs,
                                         const std::vector<int>& layers, std::uint64_t seed) {
  const Scenario& scenario = inputs.scenario;
  const Experts& experts = inputs.model.experts();
  const systems::SlotContents slots = contents(inputs);
  const std::int64_t tokens = inputs.plan.ranks * inputs.plan.tokens;
  std::vector<double> even(static_cast<std::size_t>(experts.routed()),
                           1 / static_cast<double>(experts.routed()));
  std::map<int, RowsByRank> out;
  for (const int layer : layers) {
    const std::uint64_t drawn = seed * kSeedStride + static_cast<std::uint64_t>(layer);
    if (scenario.routing() == "one_rank") {
      out[layer] = systems::rows_on_rank_0(slots, tokens * experts.topk(), tokens);
    } else {
      out[layer] =
          systems::rows_by_rank(slots,
                                systems::even_load(scenario.routing())
                                    ? even
                                    : systems::drawn_shares(scenario.routing(), experts.routed(),
                                                            tokens, experts.topk(), drawn),
                                tokens * experts.topk(), tokens);
    }
  }
  return out;
}

std::int64_t total(const std::vector<std::int64_t>& rows) {
  return std::accumulate(rows.begin(), rows.end(), std::int64_t{0});
}

std::vector<double> shares(const RowsByRank& rows) {
  double all = 0;
  std::vector<double> out;
  for (const std::vector<std::int64_t>& rank : rows) {
    out.push_back(static_cast<double>(total(rank)));
    all += out.back();
  }
  for (double& share : out) {
    share /= all;
  }
  return out;
}

}  // namespace reticle::study
