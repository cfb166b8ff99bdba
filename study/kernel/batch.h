#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "schema/config/assign.h"
#include "schema/csv.h"

namespace reticle::study {

// A batch (design section 5): rows out in the order in, as many as in; a row that fails says why in
// its `error` and does not hinder the others; a row's result does not depend on the other rows.
struct BatchSpec {
  std::vector<std::string> outputs;  // names of the appended columns, `error` excluded
  std::vector<std::string> ops;      // all operator names
  std::function<std::vector<std::string>(const std::string& op)> keys;  // keys of an operator
  // One row: the values of `outputs`. Throws reticle::Error; its text goes to the row's `error`.
  std::function<CsvRow(const std::string& op, const std::vector<config::Assignment>&)> run;
};

struct BatchRequest {
  std::filesystem::path in;
  std::filesystem::path out;
  std::string op;                          // --op; empty: the column `op`
  std::vector<config::Assignment> values;  // key=value: for absent columns and empty cells
};

struct BatchOutcome {
  std::size_t rows = 0;
  std::size_t failed = 0;
  bool interrupted = false;
};

// Runs a batch; `progress(done, total)` is called after each row. A finished row is in OUT.part at
// once; that becomes OUT at the end, also when `stop` turns true or an internal error ends it
// early. Throws UsageError (missing file, unknown op or key), InputError (broken CSV), OutputError.
BatchOutcome run_batch(const BatchSpec& spec, const BatchRequest& request,
                       const std::function<void(std::size_t, std::size_t)>& progress,
                       const std::atomic<bool>& stop);

// A number as results print it: 9 significant digits.
std::string number_text(double value);

}  // namespace reticle::study
