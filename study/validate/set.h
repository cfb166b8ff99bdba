#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "schema/config/assign.h"
#include "schema/validation.pb.h"

namespace reticle::study {

// A set as read from validation/sets/NAME.yaml, with where its measurements come from.
struct LoadedSet {
  ValidationSet set;
  std::string source;
  std::filesystem::path table;  // validation/TABLE
};

// Names of the sets of a folder `validation/`, sorted.
std::vector<std::string> set_names(const std::filesystem::path& validation);

// UsageError for a name with no file, with the nearest; ConfigError for what is wrong inside, such
// as a set that names both a chip and a system, or neither.
LoadedSet load_set(const std::filesystem::path& validation, const std::string& name);

// One row of a set: what is asked of the model, and what was measured.
struct Measurement {
  std::vector<config::Assignment> keys;
  double measured = 0;  // us or W
  bool disputed = false;
};

// Rows of the set's table, in its order. `op_keys`: the keys of its operator. InputError
// "FILE:LINE: ..." for a cell that is not a number; ConfigError for a column the table lacks.
std::vector<Measurement> measurements(const LoadedSet& loaded,
                                      const std::vector<std::string>& op_keys);

// At most `limit` rows, evenly spread.
std::vector<Measurement> sample(const std::vector<Measurement>& rows, std::size_t limit);

}  // namespace reticle::study
