#include "bench/ratios.h"

#include <iomanip>

namespace reticle::bench {

void RatioReporter::ReportRuns(const std::vector<Run>& runs) {
  ConsoleReporter::ReportRuns(runs);
  for (const Run& run : runs) {
    const auto rate = run.counters.find("items_per_second");
    if (run.run_type == Run::RT_Iteration && rate != run.counters.end()) {
      rates_[run.run_name.function_name] = rate->second;
    }
  }
}

void RatioReporter::Finalize() {
  ConsoleReporter::Finalize();
  const auto baseline = rates_.find(baseline_);
  if (baseline == rates_.end()) {
    return;
  }
  GetOutputStream() << "\nevents a second, " << baseline_ << " = 1\n" << std::fixed;
  for (const auto& [name, rate] : rates_) {
    GetOutputStream() << "  " << std::left << std::setw(28) << name << std::setprecision(2)
                      << rate / baseline->second << "\n";
  }
}

}  // namespace reticle::bench
