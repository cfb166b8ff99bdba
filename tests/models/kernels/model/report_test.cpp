#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>
#include <numeric>

#include "schema/config/assign.h"
#include "schema/csv.h"
#include "schema/errors.h"
#include "tests/models/kernels/model/chip_h100.h"

using namespace reticle;
using namespace reticle::test;

namespace {

const std::filesystem::path kMeasured = "/work/shared/data/measured/h100_sxm";
constexpr std::size_t kRows = 150;  // of a table

using Row = std::map<std::string, std::string>;

// Rows whose worst measurement is over twice the best are disputed (shared/data/README.md).
std::vector<Row> undisputed(const std::string& table) {
  const std::vector<CsvRow> lines = read_csv(kMeasured / (table + ".csv"));
  std::vector<Row> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    Row row;
    for (std::size_t c = 0; c < lines[0].size(); ++c) {
      row[lines[0][c]] = lines[i][c];
    }
    if (std::stod(row["worst_us"]) <= 2 * std::stod(row["best_us"])) {
      rows.push_back(row);
    }
  }
  return rows;
}

Operator operator_of(const std::string& table, const Row& row) {
  std::vector<config::Assignment> keys;
  for (const auto& [column, value] : row) {
    if (column.find("_us") == std::string::npos && column.find("source") == std::string::npos) {
      keys.emplace_back(column, value);
    }
  }
  Operator op;
  config::assign(config::select_op(op, table), keys);
  return op;
}

double percentile(std::vector<double> sizes, double share) {
  std::sort(sizes.begin(), sizes.end());
  return sizes[static_cast<std::size_t>(share * static_cast<double>(sizes.size() - 1))];
}

void print(const std::string& name, const std::vector<double>& errors) {
  if (errors.empty()) {
    return;
  }
  std::vector<double> sizes;
  for (const double error : errors) {
    sizes.push_back(std::abs(error));
  }
  std::vector<double> signs = errors;
  std::printf("%-28s n %4zu  median APE %5.1f %%  P90 %5.1f %%  bias (median) %+5.1f %%\n",
              name.c_str(), errors.size(), percentile(sizes, 0.5), percentile(sizes, 0.9),
              percentile(signs, 0.5));
}

// Every k-th row beside the simulation, grouped by dtype where the table has it.
void report(const std::string& table, bool local_experts_only = false) {
  std::vector<Row> rows = undisputed(table);
  if (local_experts_only) {
    rows.erase(std::remove_if(rows.begin(), rows.end(),
                              [](const Row& row) { return row.at("moe_ep_size") != "1"; }),
               rows.end());
  }
  H100 gpu;
  std::map<std::string, std::vector<double>> errors;
  const std::size_t step = std::max<std::size_t>(1, rows.size() / kRows);
  for (std::size_t i = 0; i < rows.size(); i += step) {
    const double measured = std::stod(rows[i]["median_us"]);
    const Operator op = operator_of(table, rows[i]);
    try {
      const double simulated = gpu.microseconds(op);
      const double error = 100 * (simulated / measured - 1);
      errors["all"].push_back(error);
      if (rows[i].count("dtype") > 0) {
        errors[rows[i]["dtype"]].push_back(error);
      }
      std::printf("%s measured %.1f us simulated %.1f us %+.1f %%\n", op.ShortDebugString().c_str(),
                  measured, simulated, error);
    } catch (const UsageError& error) {
      std::printf("%s refused: %s\n", op.ShortDebugString().c_str(), error.what());
    }
  }
  for (const auto& [name, group] : errors) {
    print(table + " " + name, group);
  }
}

}  // namespace

TEST_CASE("beside H100 gemm", "[.report]") { report("gemm"); }
TEST_CASE("beside H100 attention_decode", "[.report]") { report("attention_decode"); }
TEST_CASE("beside H100 attention_prefill", "[.report]") { report("attention_prefill"); }
TEST_CASE("beside H100 mla_decode", "[.report]") { report("mla_decode"); }
TEST_CASE("beside H100 mla_prefill", "[.report]") { report("mla_prefill"); }
TEST_CASE("beside H100 moe, all experts local", "[.report]") { report("moe", true); }
