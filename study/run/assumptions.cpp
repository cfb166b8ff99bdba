#include "study/run/assumptions.h"

#include <algorithm>
#include <vector>

namespace reticle::study {

namespace {

bool starts_with(const std::string& text, const std::string& prefix) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

bool uncertain(const config::Origin& origin) {
  return starts_with(origin.grade, "C") || origin.grade == "user";
}

// Lists the uncertain numbers whose path starts with `part`, under the path --set writes.
void collect(std::vector<Assumption>& all, const config::Provenance& provenance,
             const std::string& part, const std::string& prefix) {
  for (const auto& [path, origin] : provenance) {
    if (!uncertain(origin) || !starts_with(path, part)) {
      continue;
    }
    Assumption assumption;
    assumption.set_path(prefix + path);
    assumption.set_value(origin.value);
    assumption.set_unit(origin.unit);
    assumption.set_grade(origin.grade);
    assumption.set_source(origin.source);
    if (origin.low && origin.high) {
      assumption.set_low(*origin.low);
      assumption.set_high(*origin.high);
    }
    all.push_back(assumption);
  }
}

}  // namespace

google::protobuf::RepeatedPtrField<Assumption> assumptions(const ScenarioInputs& inputs,
                                                           const config::Loaded<Study>& study) {
  std::vector<Assumption> all;
  const std::string& rank_chip = inputs.rank_chip.message.name();
  const std::string& package = inputs.package.message.name();
  collect(all, inputs.rank_chip.provenance, "", "chips." + rank_chip + ".");
  if (package != rank_chip) {  // what it has from its die's config is listed above
    collect(all, inputs.package.provenance, "package.", "chips." + package + ".");
  }
  collect(all, inputs.system.provenance, "", "systems." + inputs.system.message.name() + ".");
  collect(all, inputs.software.provenance, "", "software." + inputs.software.message.name() + ".");
  collect(all, inputs.process.provenance, "", "processes." + inputs.process.message.name() + ".");
  collect(all, study.provenance, "scenarios." + inputs.scenario.name() + ".", "");
  std::stable_sort(all.begin(), all.end(),
                   [](const Assumption& a, const Assumption& b) { return a.path() < b.path(); });
  return {all.begin(), all.end()};
}

}  // namespace reticle::study
