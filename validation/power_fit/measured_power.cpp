#include "validation/power_fit/measured_power.h"

#include <algorithm>

#include "schema/config/assign.h"
#include "schema/csv.h"
#include "schema/errors.h"

namespace reticle::validation {

namespace {

std::size_t column(const CsvRow& header, const std::string& name,
                   const std::filesystem::path& file) {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) {
    throw InputError(file.string() + ":1: no column `" + name + "`");
  }
  return static_cast<std::size_t>(found - header.begin());
}

}  // namespace

std::vector<MeasuredPower> read_power_table(const std::filesystem::path& file) {
  const std::vector<CsvRow> lines = read_csv(file);
  const CsvRow& header = lines.at(0);
  const std::size_t power = column(header, "power_w", file);
  const std::size_t time = column(header, "power_us", file);
  const std::size_t n = column(header, "n", file);
  const std::size_t k = column(header, "k", file);
  std::vector<MeasuredPower> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    MeasuredPower row;
    std::vector<config::Assignment> keys;
    for (const char* key : {"m", "n", "k", "dtype", "quantize_a"}) {
      keys.emplace_back(key, lines[i][column(header, key, file)]);
    }
    config::assign(config::select_op(row.op, "gemm"), keys);
    row.family = lines[i][n] + "x" + lines[i][k];
    row.seconds = std::stod(lines[i][time]) * 1e-6;
    row.power_w = std::stod(lines[i][power]);
    rows.push_back(row);
  }
  return rows;
}

}  // namespace reticle::validation
