#include "study/assumed.h"

#include <algorithm>

namespace reticle::study {

namespace {

bool starts_with(const std::string& text, const std::string& prefix) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

bool uncertain(const config::Origin& origin) {
  return starts_with(origin.grade, "C") || origin.grade == "user";
}

}  // namespace

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

google::protobuf::RepeatedPtrField<Assumption> sorted(std::vector<Assumption> all) {
  std::stable_sort(all.begin(), all.end(),
                   [](const Assumption& a, const Assumption& b) { return a.path() < b.path(); });
  return {all.begin(), all.end()};
}

}  // namespace reticle::study
