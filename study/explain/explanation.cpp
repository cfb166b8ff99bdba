#include <algorithm>
#include <sstream>

#include "study/explain/explain.h"
#include "study/table.h"

namespace reticle::study {

namespace {

constexpr int kOperators = 10;  // shown, of the critical path

void print_scenario(std::ostringstream& out, const ScenarioExplanation& scenario) {
  out << scenario.name() << ": " << figure(scenario.tokens_per_s_per_chip())
      << " tokens/s a package\n";
  Table operators = {{"critical path", "share", "held by"}};
  for (int i = 0; i < std::min(kOperators, scenario.critical_path_size()); ++i) {
    const CriticalOperator& one = scenario.critical_path(i);
    operators.push_back({"  " + one.label(), figure(one.share() * 100) + " %", one.bound_by()});
  }
  print(out, operators);
  out << "  by resource:";
  for (const Bottleneck& bottleneck : scenario.bottlenecks()) {
    out << ' ' << bottleneck.resource() << ' ' << figure(bottleneck.share() * 100) << " %";
  }
  out << '\n';
  if (scenario.elasticities_size() > 0) {
    Table table = {{"elasticity of tokens/s to", "value", "unit", "grade", "more", "less"}};
    for (const Elasticity& one : scenario.elasticities()) {
      table.push_back({"  " + one.path(), figure(one.value()), one.unit(), one.grade(),
                       figure(one.up()), figure(one.down())});
    }
    print(out, table);
  }
  out << '\n';
}

}  // namespace

std::string explanation(const ExplainResult& result) {
  std::ostringstream out;
  out << "Study " << result.study() << "\n\n";
  for (const ScenarioExplanation& scenario : result.scenarios()) {
    print_scenario(out, scenario);
  }
  return out.str();
}

}  // namespace reticle::study
