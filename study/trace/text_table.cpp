#include "study/trace/text_table.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace reticle::study {

std::string formatted(const char* format, double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

double rounded(double value) { return std::strtod(formatted("%.9g", value).c_str(), nullptr); }

std::string text_table(const std::vector<std::vector<std::string>>& rows,
                       std::size_t text_columns) {
  std::vector<std::size_t> width(rows.front().size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      width[i] = std::max(width[i], row[i].size());
    }
  }
  std::string out;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string pad(width[i] - row[i].size(), ' ');
      out += "  ";
      out += i < text_columns ? row[i] + pad : pad + row[i];
    }
    out += "\n";
  }
  return out;
}

}  // namespace reticle::study
