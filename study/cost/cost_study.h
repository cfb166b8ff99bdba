#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "schema/cost.pb.h"
#include "study/cost/cost_inputs.h"

namespace reticle::study {

struct CostOptions {
  uint64_t seed = 1;
  uint32_t draws = 10000;
  bool sensitivity = true;
  // "Which value of PATH makes FIGURE TARGET?"
  struct Question {
    std::string path;
    double target = 0;
    std::string figure;  // as the report names it ("die.yield"); "": the headline figure
  };
  std::optional<Question> question;
};

// What the subject costs to make, with P5, P50 and P95 over the draws of its uncertain inputs.
// ConfigError: what cannot be made. UsageError: a question about a path that is not there.
CostReport cost_report(const CostSubject& subject, const CostOptions& options);

// Tables for people.
std::string cost_text(const CostReport& report);

}  // namespace reticle::study
