#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "workloads/traces/recognise.h"

namespace reticle::study {

// Kernels of one operator and shape, recorded and on the target.
struct RetargetedKernel {
  std::string kernel_class;
  std::string what;   // "q_b weight gradient"; may be empty
  std::string shape;  // as `reticle kernel` takes it; empty where only the class is known
  std::uint64_t count = 0;
  std::int64_t recorded_ps = 0;
  std::int64_t simulated_ps = 0;  // with contention
  std::int64_t alone_ps = 0;      // without
  double operations = 0;          // of all of them
};

// Adds one kernel to the row of its operator and shape.
class KernelTable {
 public:
  struct Times {
    std::int64_t recorded_ps = 0;
    std::int64_t simulated_ps = 0;
    std::int64_t alone_ps = 0;
  };
  void add(const traces::RecognisedKernel& kernel, const Times& times);

  // Longest recorded first.
  std::vector<RetargetedKernel> rows() const;

 private:
  std::vector<RetargetedKernel> rows_;
  std::map<std::string, std::size_t> known_;
};

nlohmann::ordered_json to_json(const std::vector<RetargetedKernel>& rows);
// The `most` longest.
std::string to_text(const std::vector<RetargetedKernel>& rows, std::size_t most);

}  // namespace reticle::study
