#pragma once

#include <string>
#include <vector>

namespace reticle::study {

// A number by a printf format with one double.
std::string formatted(const char* format, double value);

// To the 9 significant digits that published numbers have: those agree on every processor (design
// section 6).
double rounded(double value);

// Columns as wide as their widest cell; the first `text_columns` are aligned to the left.
std::string text_table(const std::vector<std::vector<std::string>>& rows, std::size_t text_columns);

}  // namespace reticle::study
