#include "study/run/assumptions.h"

#include <vector>

#include "study/assumed.h"

namespace reticle::study {

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
  return sorted(all);
}

}  // namespace reticle::study
