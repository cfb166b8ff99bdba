#include "study/run/run_study.h"

#include <deque>

#include "models/model_version.h"
#include "study/kernel/kernel_study.h"
#include "study/run/assumptions.h"
#include "study/run/bottlenecks.h"
#include "study/run/costs.h"
#include "study/run/energy.h"
#include "study/run/parts.h"
#include "study/run/throughput.h"

namespace reticle::study {

namespace {

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
  check_inversions(study);
  catalog.require_all_settings_used();
  for (std::size_t i = 0; i < run.scenarios.size(); ++i) {
    const ScenarioInputs& inputs = run.scenarios[i].inputs;
    simulators.emplace_back("scenario" + std::to_string(i), inputs.rank_chip.message,
                            inputs.software.message, options.fidelity, store,
                            [&] { progress(doing); });
  }
  run.result.set_study(study.message.name());
  run.result.set_seed(options.seed);
  run.result.set_fidelity(fidelity_name(options.fidelity));
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
  std::vector<ScenarioInputs> inputs;
  for (const ScenarioRun& one : run.scenarios) {
    inputs.push_back(one.inputs);
  }
  add_costs(inputs, study, options.seed, run.result);
  return run;
}

}  // namespace reticle::study
