#include "study/run/throughput.h"

#include "study/run/peak.h"
#include "workloads/llm/parameters.h"

namespace reticle::study {

double tokens_per_step(const Mtp& mtp) {
  double tokens = 1;
  double accepted = 1;
  for (std::int64_t draft = 1; draft < mtp.positions(); ++draft) {
    accepted *= mtp.acceptance();
    tokens += accepted;
  }
  return tokens;
}

namespace {

// Tokens a query attends to: the cache, or half of its prompt on average.
std::int64_t mean_context(const Scenario& scenario) {
  return scenario.phase() == PHASE_PREFILL ? scenario.prompt_tokens() / 2
                                           : scenario.cached_tokens();
}

}  // namespace

Throughput throughput(const ScenarioInputs& inputs, const Step& step) {
  const Scenario& scenario = inputs.scenario;
  const bool prefill = scenario.phase() == PHASE_PREFILL;
  const double seconds = static_cast<double>(step.total_ps()) * 1e-12;
  const auto ranks = static_cast<double>(scenario.ranks());
  const double per_sequence =
      prefill ? static_cast<double>(scenario.prompt_tokens()) : tokens_per_step(scenario.mtp());
  const double per_rank =
      static_cast<double>(scenario.sequences_per_rank()) * per_sequence / seconds;
  Throughput result;
  result.set_ranks(scenario.ranks());
  result.set_chips(inputs.machine.packages);
  result.set_tokens_per_s(per_rank * ranks);
  result.set_tokens_per_s_per_chip(per_rank *
                                   static_cast<double>(inputs.machine.ranks_per_package));
  result.set_tokens_per_s_per_rank(per_rank);
  result.set_step_time_ms(seconds * 1e3);
  result.set_tokens_per_step_per_sequence(per_sequence);
  if (prefill) {
    result.set_ttft_ms(seconds * 1e3);
  } else {
    result.set_tpot_ms(seconds * 1e3 / per_sequence);
  }
  const double operations =
      static_cast<double>(llm::model_operations_per_token(inputs.model, mean_context(scenario)));
  result.set_mfu(per_rank * operations /
                 peak_flops(inputs.rank_chip.message, scenario.precision().linear()));
  return result;
}

}  // namespace reticle::study
