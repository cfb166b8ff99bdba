#include "study/run/run_study.h"

#include <deque>

#include "models/economics/deployment.h"
#include "models/model_version.h"
#include "study/run/assumptions.h"
#include "study/run/bottlenecks.h"
#include "study/run/energy.h"
#include "study/run/parts.h"
#include "study/run/throughput.h"

namespace reticle::study {

namespace {

economics::Deployment deployment_of(const ScenarioInputs& inputs,
                                    const config::Loaded<Study>& study,
                                    const ScenarioResult& result) {
  economics::Deployment deployment;
  deployment.chip = inputs.package;
  deployment.process = inputs.process;
  deployment.system = inputs.system;
  deployment.site = economics::site_of(study, inputs.scenario.name());
  deployment.packages = inputs.machine.packages;
  deployment.nodes = inputs.machine.nodes;
  deployment.watts_per_package = result.energy().chip().avg_power_w();
  deployment.tokens_per_s = result.throughput().tokens_per_s();
  return deployment;
}

// All scenarios together, so that what they share has the same draws.
void add_costs(StudyRun& run, const config::Loaded<Study>& study, std::uint64_t seed) {
  std::vector<economics::Deployment> deployments;
  for (std::size_t i = 0; i < run.scenarios.size(); ++i) {
    deployments.push_back(
        deployment_of(run.scenarios[i].inputs, study, run.result.scenarios(static_cast<int>(i))));
  }
  const std::vector<CostResult> costs =
      economics::deployment_costs(deployments, study.message.uncertainty(), seed);
  for (std::size_t i = 0; i < costs.size(); ++i) {
    *run.result.mutable_scenarios(static_cast<int>(i))->mutable_cost() = costs[i];
  }
}

// `alike` is the step before ranks were told apart.
ScenarioResult answer(const ScenarioInputs& inputs, const config::Loaded<Study>& study,
                      const Step& alike, const ScenarioRun& run, Simulator& simulator) {
  const Step& step = run.step;
  ScenarioResult result;
  result.set_name(inputs.scenario.name());
  *result.mutable_throughput() = throughput(inputs, step);
  add_parts(*result.mutable_throughput(), inputs, study, step, alike, simulator);
  *result.mutable_energy() = energy(inputs, result.throughput(), step);
  *result.mutable_bottlenecks() =
      run.ranks ? bottlenecks(run.ranks->held_by, step.host_ps) : bottlenecks(step);
  *result.mutable_assumptions() = assumptions(inputs, study);
  *result.mutable_memory() = inputs.memory;
  if (run.ranks) {
    *result.mutable_ranks() = run.ranks->result;
  }
  return result;
}

}  // namespace

StudyRun run_study(const config::Catalog& catalog, const config::Loaded<Study>& study,
                   const RunOptions& options, kernels::Store& store,
                   const std::function<void(const std::string&)>& progress) {
  StudyRun run;
  std::deque<Simulator> simulators;
  std::string doing;
  for (const Scenario& scenario : study.message.scenarios()) {
    run.scenarios.push_back({load_scenario(catalog, study, scenario), {}, {}});
    check_published(run.scenarios.back().inputs, study);
  }
  catalog.require_all_settings_used();
  for (std::size_t i = 0; i < run.scenarios.size(); ++i) {
    const ScenarioInputs& inputs = run.scenarios[i].inputs;
    simulators.emplace_back("scenario" + std::to_string(i), inputs.rank_chip.message,
                            inputs.software.message, options.fidelity, store,
                            [&] { progress(doing); });
  }
  run.result.set_study(study.message.name());
  run.result.set_seed(options.seed);
  run.result.set_fidelity("cycle");
  run.result.set_model_version(kernels::kModelVersion);
  for (std::size_t i = 0; i < run.scenarios.size(); ++i) {
    ScenarioRun& one = run.scenarios[i];
    doing = "simulating " + one.inputs.scenario.name();
    one.step = simulate_step(one.inputs, simulators[i]);
    const Step alike = one.step;
    if (rank_by_rank(one.inputs)) {
      one.ranks = simulate_ranks(one.inputs, simulators[i], one.step, options.seed);
    }
    *run.result.add_scenarios() = answer(one.inputs, study, alike, one, simulators[i]);
  }
  add_costs(run, study, options.seed);
  return run;
}

}  // namespace reticle::study
