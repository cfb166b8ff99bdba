#pragma once

#include <string>
#include <vector>

#include "study/cost/cost_inputs.h"

namespace reticle::study {

// Every figure of a cost report at one set of inputs; 0 where the subject has none.
struct Evaluation {
  double die_yield = 0;
  double good_die = 0;
  double defects_per_cm2 = 0;
  double escapes = 0;
  double assembly_yield = 0;
  double package = 0;
  double server = 0;
  double system = 0;
  double hour_build = 0;
  double hour_price = 0;
  double hour_rental = 0;
  double die_carbon = 0;
  double package_carbon = 0;
};

Evaluation evaluate(const CostSubject& subject, const economics::DiePlan& plan);

// Figures by the names they have in the report ("package.usd").
struct NamedFigure {
  const char* name;
  double Evaluation::*value;
};
const std::vector<NamedFigure>& named_figures();
double Evaluation::*figure_named(const std::string& name);  // UsageError with those there are

// What the sensitivity of a subject is about: "server.usd" of a system, "package.usd" of a package,
// "die.usd_per_good_die" of a bare die.
std::string headline_name(const CostSubject& subject);

}  // namespace reticle::study
