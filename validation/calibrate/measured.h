#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "schema/operator.pb.h"

namespace reticle::validation {

// One line of a measured table as an operator of ours.
struct Measured {
  Operator op;
  std::string family;  // the weights: rows of one family share n and k
  double us = 0;       // median over the sources
};

// Undisputed rows of a table (worst at most twice the best, where it says so) whose columns have
// the values of `filter`.
std::vector<Measured> measured_rows(const std::filesystem::path& table, const std::string& op,
                                    const std::map<std::string, std::string>& filter);

// `count` of the rows, drawn without replacement and the same in every run; all if there are
// fewer.
std::vector<Measured> sample(const std::vector<Measured>& rows, std::size_t count);

// Two halves that share no family, the same in every run: to fit on, and to judge by.
std::pair<std::vector<Measured>, std::vector<Measured>> split_by_family(
    const std::vector<Measured>& rows);

}  // namespace reticle::validation
