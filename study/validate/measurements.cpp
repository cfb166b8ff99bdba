#include <cstdlib>
#include <map>
#include <optional>

#include "schema/csv.h"
#include "schema/errors.h"
#include "study/kernel/batch.h"
#include "study/validate/set.h"

namespace reticle::study {

namespace {

// A table with its cells found by the name of the column.
class Table {
 public:
  explicit Table(const std::filesystem::path& file) : file_(file.string()), rows_(read_csv(file)) {
    if (rows_.empty()) {
      throw InputError(file_ + ":1: no header");
    }
    for (std::size_t i = 0; i < rows_[0].size(); ++i) {
      columns_[rows_[0][i]] = i;
    }
  }

  std::size_t rows() const { return rows_.size() - 1; }
  bool has(const std::string& column) const { return columns_.count(column) > 0; }

  const std::string& text(std::size_t row, const std::string& column) const {
    const auto at = columns_.find(column);
    if (at == columns_.end()) {
      throw InputError(file_ + ":1: no column `" + column + "`");
    }
    return rows_[row + 1][at->second];
  }

  double number(std::size_t row, const std::string& column) const {
    const std::string& cell = text(row, column);
    char* end = nullptr;
    const double value = std::strtod(cell.c_str(), &end);
    if (cell.empty() || *end != '\0') {
      // Quoted line breaks would shift this; the tables have none.
      throw InputError(file_ + ":" + std::to_string(row + 2) + ": " + column + ": `" + cell +
                       "` is not a number");
    }
    return value;
  }

 private:
  std::string file_;
  std::vector<CsvRow> rows_;
  std::map<std::string, std::size_t> columns_;
};

bool belongs(const Table& table, std::size_t row, const ValidationSet& set) {
  for (const RowFilter& filter : set.rows()) {
    const bool other =
        (!filter.equals().empty() && table.text(row, filter.column()) != filter.equals()) ||
        (filter.has_at_least() && table.number(row, filter.column()) < filter.at_least()) ||
        (filter.has_below() && table.number(row, filter.column()) >= filter.below());
    if (other) {
      return false;
    }
  }
  return true;
}

std::string value_of(const Table& table, std::size_t row, const KeySource& source) {
  if (!source.value().empty()) {
    return source.value();
  }
  return source.times() == 1 ? table.text(row, source.column())
                             : number_text(table.number(row, source.column()) * source.times());
}

const KeySource* said(const ValidationSet& set, const std::string& key) {
  for (const KeySource& source : set.keys()) {
    if (source.key() == key) {
      return &source;
    }
  }
  return nullptr;
}

Measurement measurement(const Table& table, std::size_t row, const ValidationSet& set,
                        const std::vector<std::string>& op_keys) {
  Measurement one;
  for (const std::string& key : op_keys) {
    if (const KeySource* source = said(set, key)) {
      one.keys.emplace_back(key, value_of(table, row, *source));
    } else if (table.has(key)) {
      one.keys.emplace_back(key, table.text(row, key));
    }
  }
  for (const std::string& column : set.measured()) {
    one.measured += table.number(row, column);
  }
  one.disputed = set.has_disputed_over() &&
                 table.number(row, "worst_us") > set.disputed_over() * table.number(row, "best_us");
  return one;
}

}  // namespace

std::vector<Measurement> measurements(const LoadedSet& loaded,
                                      const std::vector<std::string>& op_keys) {
  const Table table(loaded.table);
  std::vector<Measurement> rows;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (belongs(table, row, loaded.set)) {
      rows.push_back(measurement(table, row, loaded.set, op_keys));
    }
  }
  return rows;
}

std::vector<Measurement> sample(const std::vector<Measurement>& rows, std::size_t limit) {
  if (rows.size() <= limit) {
    return rows;
  }
  std::vector<Measurement> some;
  for (std::size_t i = 0; i < limit; ++i) {
    some.push_back(rows[i * rows.size() / limit]);
  }
  return some;
}

}  // namespace reticle::study
