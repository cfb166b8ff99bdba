#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

namespace reticle::bench {

// The usual table, then every benchmark's items a second as a ratio to the baseline of the same
// run: absolute speeds belong to a host, ratios to the program.
class RatioReporter : public benchmark::ConsoleReporter {
 public:
  explicit RatioReporter(std::string baseline) : baseline_(std::move(baseline)) {}
  void ReportRuns(const std::vector<Run>& runs) override;
  void Finalize() override;

 private:
  std::string baseline_;
  std::map<std::string, double> rates_;  // items a second by benchmark
};

}  // namespace reticle::bench
