#include "study/kernel/batch.h"

#include <algorithm>
#include <cstdio>
#include <set>

#include "schema/config/suggest.h"
#include "schema/errors.h"
#include "sim/trace/output_file.h"

namespace reticle::study {

namespace {

using Row = CsvRow;

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void require_known(const std::string& kind, const std::string& name,
                   const std::vector<std::string>& choices) {
  if (!contains(choices, name)) {
    throw UsageError("unknown " + kind + " `" + name + "` (" +
                     config::suggestion(name, choices, kind + "s") + ")");
  }
}

// Header, rows and command line of a batch, checked before anything runs.
class Batch {
 public:
  Batch(const BatchSpec& spec, const BatchRequest& request) : spec_(spec), request_(request) {
    table_ = read_csv(request.in);
    if (table_.empty()) {
      throw InputError(request.in.string() + ":1: empty file (a CSV starts with a header line)");
    }
    header_ = table_.front();
    check_command_line();
    check_columns();
  }

  std::size_t rows() const { return table_.size() - 1; }

  Row header() const {
    Row names;
    for (const std::string& name : header_) {
      const bool output = contains(spec_.outputs, name) || name == "error";
      names.push_back(output ? "in_" + name : name);
    }
    names.insert(names.end(), spec_.outputs.begin(), spec_.outputs.end());
    names.emplace_back("error");
    return names;
  }

  // Appends the results to a row of input; returns whether it succeeded.
  bool run(std::size_t index, Row& row) const {
    row = table_[index + 1];
    Row results;
    std::string error;
    try {
      const std::string op = op_of(row);
      results = spec_.run(op, values_of(row, op));
    } catch (const Error& problem) {
      error = problem.what();
      results.assign(spec_.outputs.size(), "");
    }
    row.insert(row.end(), results.begin(), results.end());
    row.push_back(error);
    return error.empty();
  }

 private:
  // A key that no operator has is a mistake on the command line, not in a row.
  void check_command_line() const {
    if (!request_.op.empty()) {
      require_known("op", request_.op, spec_.ops);
    } else if (!contains(header_, "op")) {
      throw UsageError(request_.in.string() + ": no column `op` (give --op)");
    }
    const std::set<std::string> known = known_keys();
    std::set<std::string> given;
    for (const config::Assignment& value : request_.values) {
      require_known("key", value.first, {known.begin(), known.end()});
      if (!given.insert(value.first).second) {
        throw UsageError("key `" + value.first + "` is given twice");
      }
    }
  }

  // Of two columns for one key, either could be meant.
  void check_columns() const {
    std::set<std::string> known = known_keys();
    known.insert("op");
    for (const std::string& key : known) {
      if (std::count(header_.begin(), header_.end(), key) > 1) {
        throw InputError(request_.in.string() + ":1: column `" + key + "` is there twice");
      }
    }
  }

  // Keys of the operators that rows may have.
  std::set<std::string> known_keys() const {
    const bool any = request_.op.empty() || contains(header_, "op");
    std::set<std::string> known;
    for (const std::string& op : any ? spec_.ops : std::vector<std::string>{request_.op}) {
      const std::vector<std::string> keys = spec_.keys(op);
      known.insert(keys.begin(), keys.end());
    }
    return known;
  }

  std::string cell(const Row& row, const std::string& column) const {
    const auto found = std::find(header_.begin(), header_.end(), column);
    return found == header_.end() ? "" : row[static_cast<std::size_t>(found - header_.begin())];
  }

  std::string op_of(const Row& row) const {
    const std::string op = cell(row, "op");
    if (op.empty() && request_.op.empty()) {
      throw UsageError("empty `op` (give --op for rows without one)");
    }
    const std::string chosen = op.empty() ? request_.op : op;
    require_known("op", chosen, spec_.ops);
    return chosen;
  }

  std::vector<config::Assignment> values_of(const Row& row, const std::string& op) const {
    std::vector<config::Assignment> values;
    for (const std::string& key : spec_.keys(op)) {
      std::string value = cell(row, key);
      for (const config::Assignment& given : request_.values) {
        if (value.empty() && given.first == key) {
          value = given.second;
        }
      }
      if (!value.empty()) {
        values.emplace_back(key, value);
      }
    }
    return values;
  }

  const BatchSpec& spec_;
  const BatchRequest& request_;
  std::vector<Row> table_;
  Row header_;
};

}  // namespace

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

BatchOutcome run_batch(const BatchSpec& spec, const BatchRequest& request,
                       const std::function<void(std::size_t, std::size_t)>& progress,
                       const std::atomic<bool>& stop) {
  const Batch batch(spec, request);
  trace::OutputFile out(request.out);
  const auto write = [&out](const Row& row) {
    out.write(csv_line(row));
    out.flush();
  };
  write(batch.header());
  BatchOutcome outcome;
  try {
    for (std::size_t i = 0; i < batch.rows() && !outcome.interrupted; ++i) {
      Row row;
      outcome.failed += batch.run(i, row) ? 0 : 1;
      ++outcome.rows;
      write(row);
      progress(outcome.rows, batch.rows());
      outcome.interrupted = stop.load();
    }
  } catch (...) {  // an internal error: the rows before it are kept
    out.commit();
    throw;
  }
  out.commit();
  return outcome;
}

}  // namespace reticle::study
