#include "study/validate/validate.h"

#include <algorithm>
#include <map>

#include "schema/errors.h"
#include "schema/operator.pb.h"
#include "study/validate/subjects.h"

namespace reticle::study {

namespace {

std::vector<std::string> keys_of(const ValidationSet& set) {
  const auto of = [&](auto holder) {
    return config::keys(*config::select_op(holder, set.op()).GetDescriptor());
  };
  return set.system().empty() ? of(Operator()) : of(CollectiveOperator());
}

struct Outcome {
  std::vector<Compared> agreed;
  std::vector<Compared> disputed;
  std::vector<Compared> fast;  // against cycle, where that is what was asked for
  std::uint64_t refused = 0;
  std::string first_refusal;
};

void compare(const ValidationSet& set, const Measurement& row, Subjects& subjects,
             Outcome& outcome) {
  try {
    const Compared pair{row.measured, subjects.predict(set, row.keys)};
    (row.disputed ? outcome.disputed : outcome.agreed).push_back(pair);
    if (const auto fast = subjects.fast(set, row.keys)) {
      outcome.fast.push_back({pair.simulated, *fast});
    }
  } catch (const UsageError& refusal) {
    if (outcome.refused++ == 0) {
      outcome.first_refusal = refusal.what();
    }
  }
}

ValidationSetResult result_of(const LoadedSet& loaded, const Outcome& outcome) {
  const ErrorSummary errors = summarise(outcome.agreed);
  ValidationSetResult result;
  result.set_name(loaded.set.name());
  result.set_title(loaded.set.title());
  result.set_chip(loaded.set.chip() + loaded.set.system());
  result.set_n(errors.n());
  result.set_mape(errors.mape());
  result.set_median_ape(errors.median_ape());
  result.set_p90_ape(errors.p90_ape());
  result.set_bias(errors.bias());
  result.set_refused(outcome.refused);
  result.set_first_refusal(outcome.first_refusal);
  if (!outcome.disputed.empty()) {
    *result.mutable_disputed() = summarise(outcome.disputed);
  }
  if (!outcome.fast.empty()) {
    *result.mutable_fast() = summarise(outcome.fast);
  }
  *result.mutable_limit() = loaded.set.limit();
  result.set_passed(outcome.refused == 0 && within(errors, loaded.set.limit()));
  if (loaded.set.has_goal()) {
    *result.mutable_goal() = loaded.set.goal();
  }
  result.set_at_goal(loaded.set.has_goal() && within(errors, loaded.set.goal()));
  result.set_source(loaded.source);
  return result;
}

}  // namespace

std::vector<ValidatedSet> validate(
    const config::Catalog& catalog, const std::vector<LoadedSet>& sets,
    const ValidateOptions& options, kernels::Store& store,
    const std::function<void(const std::string&, std::size_t, std::size_t)>& progress) {
  Subjects subjects(catalog, options.fidelity, store);
  std::vector<std::vector<Measurement>> rows;
  for (const LoadedSet& loaded : sets) {
    rows.push_back(measurements(loaded, keys_of(loaded.set)));
    subjects.add(loaded.set);
  }
  catalog.require_all_settings_used();
  std::vector<ValidatedSet> results;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const auto chosen = options.full ? rows[i] : sample(rows[i], sets[i].set.sample());
    Outcome outcome;
    for (std::size_t done = 0; done < chosen.size(); ++done) {
      compare(sets[i].set, chosen[done], subjects, outcome);
      progress(sets[i].set.name(), done + 1, chosen.size());
    }
    results.push_back({result_of(sets[i], outcome), outcome.agreed, sets[i].set.group()});
    results.back().result.set_rows_in_set(rows[i].size());
  }
  return results;
}

std::vector<ValidationGroup> summed_groups(const std::vector<ValidatedSet>& sets) {
  std::map<std::string, std::vector<Compared>> pairs;
  std::map<std::string, ErrorBand> goals;
  for (const ValidatedSet& set : sets) {
    if (set.group.empty()) {
      continue;
    }
    std::vector<Compared>& all = pairs[set.group];
    all.insert(all.end(), set.pairs.begin(), set.pairs.end());
    ErrorBand& goal = goals[set.group];
    goal.set_median_ape(std::max(goal.median_ape(), set.result.goal().median_ape()));
    goal.set_p90_ape(std::max(goal.p90_ape(), set.result.goal().p90_ape()));
  }
  std::vector<ValidationGroup> groups;
  for (const auto& [name, all] : pairs) {
    ValidationGroup& group = groups.emplace_back();
    group.set_name(name);
    *group.mutable_errors() = summarise(all);
    if (goals[name].median_ape() > 0) {
      *group.mutable_goal() = goals[name];
    }
    group.set_at_goal(group.has_goal() && within(group.errors(), group.goal()));
  }
  return groups;
}

}  // namespace reticle::study
