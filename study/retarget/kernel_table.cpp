#include "study/retarget/kernel_table.h"

#include <algorithm>

#include "models/kernels/work.h"
#include "schema/config/assign.h"
#include "schema/errors.h"
#include "study/kernel/kernel_study.h"
#include "study/trace/text_table.h"

namespace reticle::study {
namespace {

constexpr double kPsPerMs = 1e9;

double ms(std::int64_t ps) { return rounded(static_cast<double>(ps) / kPsPerMs); }

std::string shape_of(const traces::RecognisedKernel& kernel) {
  if (const auto* op = std::get_if<Operator>(&kernel.op)) {
    return config::op_name(*op) + " " + kernels::shape_text(*op);
  }
  if (const auto* op = std::get_if<CollectiveOperator>(&kernel.op)) {
    return config::op_name(*op) + " " + kernels::shape_text(*op);
  }
  return "";
}

// 0 for what is not counted: collectives, several kernels in one operator.
double operations_of(const traces::RecognisedKernel& kernel) {
  const auto* op = std::get_if<Operator>(&kernel.op);
  if (op == nullptr) {
    return 0;
  }
  try {
    return kernels::work_of(*op).operations * kernel.times;
  } catch (const UsageError&) {
    return 0;
  }
}

double tflops(double operations, std::int64_t ps) {
  return ps > 0 ? rounded(operations / static_cast<double>(ps)) : 0;
}

bool multiplies(const RetargetedKernel& row) {
  return row.kernel_class.find("gemm") != std::string::npos ||
         row.kernel_class.find("attention") != std::string::npos;
}

}  // namespace

void KernelTable::add(const traces::RecognisedKernel& kernel, const Times& times) {
  RetargetedKernel row;
  row.kernel_class = traces::class_name(kernel.kernel_class);
  row.what = kernel.what;
  row.shape = shape_of(kernel);
  const auto [known, added] =
      known_.emplace(row.kernel_class + '\n' + row.what + '\n' + row.shape, rows_.size());
  if (added) {
    rows_.push_back(row);
  }
  RetargetedKernel& sum = rows_[known->second];
  ++sum.count;
  sum.recorded_ps += times.recorded_ps;
  sum.simulated_ps += times.simulated_ps;
  sum.alone_ps += times.alone_ps;
  sum.operations += operations_of(kernel);
}

std::vector<RetargetedKernel> KernelTable::rows() const {
  std::vector<RetargetedKernel> out = rows_;
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.recorded_ps > b.recorded_ps; });
  return out;
}

nlohmann::ordered_json to_json(const std::vector<RetargetedKernel>& rows) {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const RetargetedKernel& row : rows) {
    out.push_back(
        {{"class", row.kernel_class},
         {"what", row.what},
         {"shape", row.shape},
         {"count", row.count},
         {"recorded_ms", ms(row.recorded_ps)},
         {"simulated_ms", ms(row.simulated_ps)},
         {"alone_ms", ms(row.alone_ps)},
         {"recorded_tflops", multiplies(row) ? tflops(row.operations, row.recorded_ps) : 0},
         {"alone_tflops", multiplies(row) ? tflops(row.operations, row.alone_ps) : 0}});
  }
  return out;
}

std::string to_text(const std::vector<RetargetedKernel>& rows, std::size_t most) {
  std::vector<std::vector<std::string>> table{
      {"kernel", "shape", "count", "recorded ms", "simulated ms", "alone ms", "TFLOPS", "alone"}};
  for (std::size_t i = 0; i < std::min(most, rows.size()); ++i) {
    const RetargetedKernel& row = rows[i];
    const bool counts = multiplies(row) && row.operations > 0;
    table.push_back({row.what.empty() ? row.kernel_class : row.what, row.shape,
                     std::to_string(row.count), formatted("%.3f", ms(row.recorded_ps)),
                     formatted("%.3f", ms(row.simulated_ps)), formatted("%.3f", ms(row.alone_ps)),
                     counts ? formatted("%.0f", tflops(row.operations, row.recorded_ps)) : "",
                     counts ? formatted("%.0f", tflops(row.operations, row.alone_ps)) : ""});
  }
  return text_table(table, 2);
}

}  // namespace reticle::study
