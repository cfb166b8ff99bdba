#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <numeric>

#include "schema/csv.h"
#include "tests/models/kernels/tensor_gpu/chip_h800.h"

using namespace reticle;
using namespace reticle::test;

namespace {

// Kernel start to first request (configs/software/deepseek-profile.yaml); tables time the kernel.
constexpr double kPrologue = 0.85;

const std::filesystem::path kMeasured = "/work/shared/data/measured/h800_infersim";

// One table: prints its rows and, at the end, how far off they are.
class Report {
 public:
  explicit Report(std::string name) : name_(std::move(name)) {}
  ~Report() {
    std::sort(errors_.begin(), errors_.end(),
              [](double a, double b) { return std::abs(a) < std::abs(b); });
    const double bias =
        std::accumulate(errors_.begin(), errors_.end(), 0.0) / static_cast<double>(errors_.size());
    std::printf("%s: %zu rows, median error %.1f %%, P90 %.1f %%, bias %+.1f %%\n", name_.c_str(),
                errors_.size(), std::abs(errors_[errors_.size() / 2]),
                std::abs(errors_[errors_.size() * 9 / 10]), bias);
  }

  void row(const std::string& shape, double measured, Gpu& gpu, const Operator& op) {
    const double simulated = microseconds(gpu.run(op)) + kPrologue;
    errors_.push_back(100 * (simulated / measured - 1));
    std::printf("%-36s measured %8.1f us simulated %8.1f us %+6.1f %%  %s\n", shape.c_str(),
                measured, simulated, errors_.back(), gpu.program(op).variant.c_str());
  }

 private:
  std::string name_;
  std::vector<double> errors_;
};

}  // namespace

TEST_CASE("beside InferSim's H800 GEMM table, with the kernel's prologue, launch not included",
          "[.report]") {
  Gpu gpu(h800());
  Report report("gemm");
  const std::vector<CsvRow> rows = read_csv(kMeasured / "gemm.csv");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::int64_t m = std::stoll(rows[i][0]);
    const std::int64_t k = std::stoll(rows[i][1]);
    const std::int64_t n = std::stoll(rows[i][2]);
    const Operator op = gemm(m, n, k, DTYPE_FP8_BLOCK);
    report.row("m=" + rows[i][0] + " n=" + rows[i][2] + " k=" + rows[i][1], std::stod(rows[i][3]),
               gpu, op);
  }
}

TEST_CASE("beside InferSim's H800 MLA table, with the kernel's prologue, launch not included",
          "[.report]") {
  Gpu gpu(h800());
  Report report("mla_decode");
  const std::vector<CsvRow> rows = read_csv(kMeasured / "mla_decode_128-512-64.csv");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const Operator op = mla_decode(std::stoll(rows[i][2]), std::stoll(rows[i][3]), 128);
    report.row("batch=" + rows[i][2] + " kv_len=" + rows[i][3], std::stod(rows[i][4]), gpu, op);
  }
}

TEST_CASE(
    "beside InferSim's H800 grouped GEMM table, with the kernel's prologue, launch not included",
    "[.report]") {
  Gpu gpu(h800());
  Report report("grouped_gemm");
  const std::vector<CsvRow> rows = read_csv(kMeasured / "grouped_gemm_decode.csv");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::vector<std::int64_t> tokens(std::stoull(rows[i][2]), std::stoll(rows[i][7]));
    const Operator up = grouped_gemm(tokens, 4096, 7168, DTYPE_FP8_BLOCK);
    const Operator down = grouped_gemm(tokens, 7168, 2048, DTYPE_FP8_BLOCK);
    const std::string shape = " groups=" + rows[i][2] + " m=" + rows[i][7];
    report.row("up" + shape, std::stod(rows[i][8]), gpu, up);
    report.row("down" + shape, std::stod(rows[i][10]), gpu, down);
  }
}

// hardware.md 2.5: STAS best bf16 794.5 TFLOPS on H100, DeepGEMM 1058 TFLOPS at 4096 x 2112 x 7168
// and cuBLAS 650-760 at 8192 cubed.
TEST_CASE("beside published peaks", "[.report]") {
  Gpu gpu(h800());
  const auto show = [&gpu](const char* name, const Operator& op, double operations) {
    const double us = microseconds(gpu.run(op));
    std::printf("%-44s %8.1f us %7.0f TFLOPS  %s\n", name, us, operations / us / 1e6,
                gpu.program(op).variant.c_str());
  };
  show("bf16 8192 cubed (650-795 measured)", gemm(8192, 8192, 8192, DTYPE_BFLOAT16),
       2.0 * 8192 * 8192 * 8192);
  show("fp8_block 4096x2112x7168 (1058)", gemm(4096, 2112, 7168, DTYPE_FP8_BLOCK),
       2.0 * 4096 * 2112 * 7168);
  show("fp8 8192 cubed (1403 best)", gemm(8192, 8192, 8192, DTYPE_FP8), 2.0 * 8192 * 8192 * 8192);
}
