#include "study/cost/sensitivity_report.h"

#include <algorithm>
#include <stdexcept>

#include "models/economics/sensitivity.h"
#include "schema/errors.h"

namespace reticle::study {

namespace {

constexpr uint64_t kSobolPoints = 2048;
}  // namespace

void add_sensitivity(const economics::UncertainInputs& inputs,
                     const std::function<double()>& result, uint64_t seed, CostReport& report) {
  const std::vector<std::string>& paths = inputs.paths();
  const std::vector<economics::SobolIndices> indices = economics::sobol_indices(
      paths.size(), kSobolPoints, seed, [&](const std::vector<double>& point) {
        inputs.set(point);
        return result();
      });
  inputs.set_modes();
  for (const economics::Swing& swing : economics::tornado(inputs, result)) {
    if (swing.at_low == swing.at_high) {
      continue;
    }
    const auto at = std::lower_bound(paths.begin(), paths.end(), swing.input) - paths.begin();
    const economics::SobolIndices& index = indices[static_cast<std::size_t>(at)];
    Sensitivity& row = *report.add_sensitivity();
    row.set_input(swing.input);
    row.set_at_low(swing.at_low);
    row.set_at_high(swing.at_high);
    row.set_swing(swing.at_high - swing.at_low);
    row.set_first_order(index.first);
    row.set_total(index.total);
    row.set_grade(inputs.grade(swing.input));
  }
}

void answer(const CostOptions::Question& question, CostSubject& subject,
            const std::function<double()>& result, CostReport& report) {
  economics::Number number;
  try {
    number = economics::number_at(subject.machine, question.path);
  } catch (const std::domain_error& error) {
    throw UsageError(std::string("--solve ") + error.what());
  }
  Inversion& inversion = *report.mutable_inversion();
  inversion.set_input(question.path);
  inversion.set_unit(number.unit);
  inversion.set_target(question.target);
  inversion.set_now(number.now);
  inversion.set_low(number.low);
  inversion.set_high(number.high);
  const auto solution =
      economics::solve(number.low, number.high, question.target, [&](double value) {
        number.write(value);
        return result();
      });
  if (solution) {
    inversion.set_value(*solution);
  }
}

}  // namespace reticle::study
