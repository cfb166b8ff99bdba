#include "study/run/costs.h"

#include <algorithm>
#include <stdexcept>

#include "models/economics/deployment_costs.h"
#include "schema/config/suggest.h"
#include "schema/errors.h"

namespace reticle::study {

namespace {

using economics::Basis;
using economics::Deployment;

Deployment deployment_of(const ScenarioInputs& inputs, const config::Loaded<Study>& study,
                         const ScenarioResult& result) {
  Deployment deployment;
  deployment.name = result.name();
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

Basis basis_of(CostKind kind) {
  return kind == COST_KIND_BUILD   ? Basis::kBuild
         : kind == COST_KIND_PRICE ? Basis::kPrice
                                   : Basis::kRental;
}

// Inversions hold no numbers, so that their lines are not known: the file's name must do.
Location place_of(const config::Loaded<Study>& study, const EqualCost& question) {
  const std::string file =
      study.provenance.empty() ? study.message.name() : study.provenance.begin()->second.at.file;
  return {file + ": inversions." + question.name()};
}

const Deployment& named(const std::vector<Deployment>& all, const std::string& name) {
  for (const Deployment& one : all) {
    if (one.name == name) {
      return one;
    }
  }
  throw std::logic_error("no deployment " + name);
}

// As --set takes it in a study: a site belongs to its scenario.
std::string within(const std::string& path, const std::string& scenario) {
  const std::string prefix = "scenarios." + scenario + ".";
  return path.compare(0, prefix.size(), prefix) == 0 ? path.substr(prefix.size()) : path;
}

Inversion answer(const EqualCost& question, const std::vector<Deployment>& deployments,
                 const config::Loaded<Study>& study) {
  try {
    Inversion out = economics::equal_cost(
        named(deployments, question.scenario()), named(deployments, question.equals()),
        basis_of(question.basis()), within(question.path(), question.scenario()));
    out.set_name(question.name());
    out.set_input(question.path());
    return out;
  } catch (const std::domain_error& error) {
    throw ConfigError(place_of(study, question), error.what());
  }
}

}  // namespace

void check_inversions(const config::Loaded<Study>& study) {
  std::vector<std::string> names;
  for (const Scenario& scenario : study.message.scenarios()) {
    names.push_back(scenario.name());
  }
  for (const EqualCost& question : study.message.inversions()) {
    for (const std::string& name : {question.scenario(), question.equals()}) {
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        throw ConfigError(place_of(study, question), "no scenario `" + name + "`",
                          config::suggestion(name, names, "scenarios"));
      }
    }
  }
}

void add_costs(const std::vector<ScenarioInputs>& inputs, const config::Loaded<Study>& study,
               std::uint64_t seed, RunResult& result) {
  std::vector<Deployment> deployments;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    deployments.push_back(deployment_of(inputs[i], study, result.scenarios(static_cast<int>(i))));
  }
  const economics::DeploymentCosts costs =
      economics::deployment_costs(deployments, study.message.uncertainty(), seed);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    ScenarioResult& scenario = *result.mutable_scenarios(static_cast<int>(i));
    *scenario.mutable_cost() = costs.costs[i];
    *scenario.mutable_carbon() = costs.carbon[i];
  }
  for (const Comparison& comparison : costs.comparisons) {
    *result.add_comparisons() = comparison;
  }
  for (const EqualCost& question : study.message.inversions()) {
    *result.add_inversions() = answer(question, deployments, study);
  }
}

}  // namespace reticle::study
