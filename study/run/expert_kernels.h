#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "study/kernel/simulator.h"
#include "workloads/llm/graph.h"

namespace reticle::study {

// Whether a node's size follows the rows that a rank's experts get.
bool follows_rows(const llm::Node& node);

// Kernels of experts for any rows of a rank's slots. Few different sets of rows are simulated each.
// Of many, the rows of a rank are put evenly on those of its slots that have any, and the kernel is
// interpolated between two simulated ones whose rows a slot differ by an eighth at most (by 16
// below 128): the rows of a matrix tile are 16, and weights are read once however many rows there
// are.
class ExpertKernels {
 public:
  static constexpr std::size_t kExact = 64;  // sets of rows that are simulated each

  ExpertKernels(Simulator& simulator, double clock_hz,
                const std::set<std::vector<std::int64_t>>& all_rows);

  // `node` is of the graph: its operator's shape but for the rows.
  DemandVector demand(const llm::Node& node, const Cores& cores,
                      const std::vector<std::int64_t>& rows);

 private:
  DemandVector simulate(const llm::Node& node, const Cores& cores,
                        const std::vector<std::int64_t>& rows);
  DemandVector between(const llm::Node& node, const Cores& cores,
                       const std::vector<std::int64_t>& rows);

  Simulator& simulator_;
  double clock_hz_;
  bool exact_;
  // By what the graph says of the node (its operator, serialised), cores and rows.
  std::map<std::tuple<std::string, std::int64_t, std::vector<std::int64_t>>, DemandVector> known_;
};

// The two numbers of rows a slot around `rows` that are simulated; equal if it is one of them.
std::pair<std::int64_t, std::int64_t> knots(double rows);

}  // namespace reticle::study
