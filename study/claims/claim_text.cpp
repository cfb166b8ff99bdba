#include "study/claims/claim_study.h"
#include "study/table.h"

namespace reticle::study {

std::string claim_text(const ClaimReport& report) {
  std::ostringstream out;
  out << report.claim() << ": " << report.statement() << '\n'
      << "  " << report.verdict() << ", probability " << figure(report.probability()) << " (seed "
      << report.seed() << ", " << report.draws() << " draws)\n"
      << "  ratio " << figure(report.ratio().p50()) << " (" << figure(report.ratio().p5()) << " to "
      << figure(report.ratio().p95()) << "), claimed";
  if (report.has_at_least()) {
    out << " at least " << figure(report.at_least());
  }
  if (report.has_at_most()) {
    out << " at most " << figure(report.at_most());
  }
  out << "\n  " << (report.binding_share_size() > 0 ? "bound by " : "decided by ")
      << (report.binding().empty() ? "nothing uncertain" : report.binding());
  for (const NamedValue& share : report.binding_share()) {
    out << ", " << share.name() << " in " << figure(share.value() * 100) << " % of the draws";
  }
  out << '\n';
  Table table = {{"input", "value", "unit", "grade", "first order", "turns the verdict at"}};
  for (const ClaimInputReport& input : report.inputs()) {
    table.push_back({"  " + input.name(), figure(input.value()), input.unit(), input.grade(),
                     input.has_first_order() ? figure(input.first_order()) : "",
                     input.has_flips_at() ? figure(input.flips_at()) : ""});
  }
  print(out, table);
  out << "  numbers by grade:";
  for (const NamedValue& grade : report.inputs_by_grade()) {
    out << ' ' << grade.name() << ' ' << figure(grade.value());
  }
  out << '\n';
  if (!report.scope().empty()) {
    out << "  " << report.scope() << '\n';
  }
  return out.str();
}

}  // namespace reticle::study
