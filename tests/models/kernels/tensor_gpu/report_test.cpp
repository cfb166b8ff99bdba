#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>

#include "schema/csv.h"
#include "tests/models/kernels/tensor_gpu/chip_h800.h"

using namespace reticle;
using namespace reticle::test;

namespace {

const std::filesystem::path kMeasured = "/work/shared/data/measured/h800_infersim";

void line(const std::string& shape, double measured, double simulated, const std::string& variant) {
  std::printf("%-40s measured %9.1f us simulated %9.1f us  %+6.1f %%  %s\n", shape.c_str(),
              measured, simulated, 100 * (simulated / measured - 1), variant.c_str());
}

}  // namespace

TEST_CASE("beside InferSim's H800 GEMM table, launch not included", "[.report]") {
  Gpu gpu(h800());
  const std::vector<CsvRow> rows = read_csv(kMeasured / "gemm.csv");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::int64_t m = std::stoll(rows[i][0]);
    const std::int64_t k = std::stoll(rows[i][1]);
    const std::int64_t n = std::stoll(rows[i][2]);
    const Operator op = gemm(m, n, k, DTYPE_FP8_BLOCK);
    line("gemm m=" + rows[i][0] + " n=" + rows[i][2] + " k=" + rows[i][1], std::stod(rows[i][3]),
         microseconds(gpu.run(op)), gpu.program(op).variant);
  }
}

TEST_CASE("beside InferSim's H800 MLA table, launch not included", "[.report]") {
  Gpu gpu(h800());
  const std::vector<CsvRow> rows = read_csv(kMeasured / "mla_decode_128-512-64.csv");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const Operator op = mla_decode(std::stoll(rows[i][2]), std::stoll(rows[i][3]), 128);
    line("mla_decode batch=" + rows[i][2] + " kv_len=" + rows[i][3], std::stod(rows[i][4]),
         microseconds(gpu.run(op)), gpu.program(op).variant);
  }
}

TEST_CASE("beside InferSim's H800 grouped GEMM table, launch not included", "[.report]") {
  Gpu gpu(h800());
  const std::vector<CsvRow> rows = read_csv(kMeasured / "grouped_gemm_decode.csv");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::vector<std::int64_t> tokens(std::stoull(rows[i][2]), std::stoll(rows[i][7]));
    const Operator up = grouped_gemm(tokens, 4096, 7168, DTYPE_FP8_BLOCK);
    const Operator down = grouped_gemm(tokens, 7168, 2048, DTYPE_FP8_BLOCK);
    const std::string shape = " groups=" + rows[i][2] + " m=" + rows[i][7];
    line("up" + shape, std::stod(rows[i][8]), microseconds(gpu.run(up)), gpu.program(up).variant);
    line("down" + shape, std::stod(rows[i][10]), microseconds(gpu.run(down)),
         gpu.program(down).variant);
  }
}
