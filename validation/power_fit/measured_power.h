#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "schema/operator.pb.h"

namespace reticle::validation {

// A kernel whose board power was measured while it was repeated for about a second.
struct MeasuredPower {
  Operator op;
  std::string family;  // shapes of the same weights
  double seconds = 0;  // of one repetition in that same run
  double power_w = 0;
};

// Rows of a gemm table of shared/data (columns m n k dtype quantize_a power_w power_us), in its
// order. UsageError if the file is not there, InputError if a column is missing.
std::vector<MeasuredPower> read_power_table(const std::filesystem::path& file);

}  // namespace reticle::validation
