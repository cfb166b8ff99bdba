#include "gui/app/options.h"

#include <cmath>
#include <regex>

#include "schema/errors.h"

namespace reticle::gui {
namespace {

constexpr double kPsPerUs = 1e6;

}  // namespace

void parse_size(const std::string& text, Options& options) {
  static const std::regex form("([1-9][0-9]{1,4})x([1-9][0-9]{1,4})");
  std::smatch parts;
  if (!std::regex_match(text, parts, form)) {
    throw UsageError("--size " + text + ": expected WIDTHxHEIGHT in pixels, such as 1400x850");
  }
  options.width = std::stoi(parts[1]);
  options.height = std::stoi(parts[2]);
}

TimeRange parse_range(const std::string& text) {
  static const std::regex form(R"(([0-9]{1,12}(?:\.[0-9]+)?)\.\.([0-9]{1,12}(?:\.[0-9]+)?))");
  std::smatch parts;
  if (!std::regex_match(text, parts, form)) {
    throw UsageError("--range " + text + ": expected A..B in microseconds, such as 100..250.5");
  }
  const double from_us = std::stod(parts[1]);
  const double to_us = std::stod(parts[2]);
  if (from_us >= to_us) {
    throw UsageError("--range " + text + ": A must be less than B");
  }
  return {std::llround(from_us * kPsPerUs), std::llround(to_us * kPsPerUs)};
}

}  // namespace reticle::gui
