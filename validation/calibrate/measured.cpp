#include "validation/calibrate/measured.h"

#include <algorithm>
#include <cstdint>
#include <random>

#include "schema/config/assign.h"
#include "schema/csv.h"

namespace reticle::validation {

namespace {

using Columns = std::map<std::string, std::string>;

bool disputed(const Columns& row) {
  return row.count("worst_us") > 0 &&
         std::stod(row.at("worst_us")) > 2 * std::stod(row.at("best_us"));
}

bool matches(const Columns& row, const Columns& filter) {
  return std::all_of(filter.begin(), filter.end(),
                     [&row](const auto& wanted) { return row.at(wanted.first) == wanted.second; });
}

Operator operator_of(const std::string& name, const Columns& row) {
  Operator op;
  google::protobuf::Message& shape = config::select_op(op, name);
  std::vector<config::Assignment> keys;
  for (const auto& [column, value] : row) {
    if (shape.GetDescriptor()->FindFieldByName(column) != nullptr) {
      keys.emplace_back(column, value);
    }
  }
  config::assign(shape, keys);
  return op;
}

std::string family(const Columns& row) {
  std::string name;
  for (const char* column : {"n", "k", "hidden_size", "inter_size"}) {
    name += row.count(column) > 0 ? row.at(column) + "," : "";
  }
  return name;
}

double microseconds(const Columns& row) {
  return std::stod(row.count("median_us") > 0 ? row.at("median_us") : row.at("latency_us"));
}

}  // namespace

std::vector<Measured> measured_rows(const std::filesystem::path& table, const std::string& op,
                                    const Columns& filter) {
  const std::vector<CsvRow> lines = read_csv(table);
  std::vector<Measured> rows;
  for (std::size_t line = 1; line < lines.size(); ++line) {
    Columns row;
    for (std::size_t column = 0; column < lines[0].size(); ++column) {
      row[lines[0][column]] = lines[line][column];
    }
    if (!disputed(row) && matches(row, filter)) {
      rows.push_back({operator_of(op, row), family(row), microseconds(row)});
    }
  }
  return rows;
}

// The standard fixes mt19937's numbers but not its distributions: drawn by hand.
std::vector<Measured> sample(const std::vector<Measured>& rows, std::size_t count) {
  std::vector<Measured> drawn = rows;
  std::mt19937 random(1);
  for (std::size_t i = 0; i < std::min(count, drawn.size()); ++i) {
    std::swap(drawn[i], drawn[i + random() % (drawn.size() - i)]);
  }
  drawn.resize(std::min(count, drawn.size()));
  return drawn;
}

// FNV-1a, whose lowest bit alone says little: folded.
std::pair<std::vector<Measured>, std::vector<Measured>> split_by_family(
    const std::vector<Measured>& rows) {
  std::pair<std::vector<Measured>, std::vector<Measured>> halves;
  for (const Measured& row : rows) {
    std::uint32_t hash = 2166136261U;
    for (const char letter : row.family) {
      hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619U;
    }
    const bool judged = ((hash >> 16) ^ hash) % 2 == 1;
    (judged ? halves.second : halves.first).push_back(row);
  }
  return halves;
}

}  // namespace reticle::validation
