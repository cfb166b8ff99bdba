#include "study/cost/sensitivity_report.h"

#include <algorithm>

#include "models/economics/sensitivity.h"
#include "schema/config/fields.h"
#include "schema/config/settings.h"
#include "schema/errors.h"
#include "study/cost/evaluation.h"

namespace reticle::study {

namespace {

constexpr uint64_t kSobolPoints = 2048;
constexpr double kSearchSpan = 20;  // of the present value, where the schema sets no upper end

struct Target {
  economics::Field field;
  double low = 0;
  double high = 0;
};

Target found(google::protobuf::Message& message, const std::string& path,
             const std::string& whole) {
  economics::Field field{};
  try {
    field = economics::find_field(message, path);
  } catch (const std::logic_error&) {
    throw UsageError("--solve " + whole + ": no such number");
  }
  if (field.field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_DOUBLE) {
    throw UsageError("--solve " + whole + ": not a number that can vary");
  }
  const double now = field.message->GetReflection()->GetDouble(*field.message, field.field);
  return {field, config::min_of(*field.field).value_or(0),
          config::max_of(*field.field).value_or(now > 0 ? kSearchSpan * now : 1)};
}

// The number that a path such as --set takes is about.
Target target_of(CostSubject& subject, const std::string& path) {
  economics::Deployment& d = subject.machine;
  const auto below = [&](const std::string& prefix) {
    return path.compare(0, prefix.size(), prefix) == 0 ? path.substr(prefix.size()) : "";
  };
  std::string rest = below("chips." + d.chip.message.name() + ".");
  if (!rest.empty()) {
    return found(d.chip.message, rest, path);
  }
  rest = below("processes." + d.process->message.name() + ".");
  if (!rest.empty()) {
    return found(d.process->message, rest, path);
  }
  rest = below("systems." + d.system.message.name() + ".");
  if (subject.has_machine && !rest.empty()) {
    return found(d.system.message, rest, path);
  }
  throw UsageError("--solve " + path + ": not a number of chips." + d.chip.message.name() +
                   ", processes." + d.process->message.name() +
                   (subject.has_machine ? " or systems." + d.system.message.name() : ""));
}

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
  const Target target = target_of(subject, question.path);
  Inversion& inversion = *report.mutable_inversion();
  inversion.set_input(question.path);
  inversion.set_unit(config::unit_of(*target.field.field));
  inversion.set_result(headline_name(subject));
  inversion.set_target(question.target);
  inversion.set_low(target.low);
  inversion.set_high(target.high);
  const google::protobuf::Reflection& reflection = *target.field.message->GetReflection();
  const auto solution =
      economics::solve(target.low, target.high, question.target, [&](double value) {
        reflection.SetDouble(target.field.message, target.field.field, value);
        return result();
      });
  if (solution) {
    inversion.set_value(*solution);
  }
}

}  // namespace reticle::study
